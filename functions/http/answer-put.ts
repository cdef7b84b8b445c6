import type { Tracked } from '#shared/core/history.ts';
import { type Saved, stale } from '#shared/platform/history-store.ts';
import { againUnlessSeen } from './again-unless-seen.ts';
import { answerChange, type ChangeRequest } from './answer-change.ts';
import type { Answer } from './door.ts';

/** A thing that may not be there yet, and how it is written and shown. */
interface Put<Entity> {
  readonly find: () => Promise<Entity | undefined>;
  /** Whoever replaces what was said must have seen it; true where nothing is said. */
  readonly needsVersion?: boolean;
  readonly save: (before: Entity | undefined) => Promise<Saved<Entity>>;
  readonly view: (entity: Entity) => unknown;
}

/** Writes a thing whose place is known before it is there. Version 0 is what is not there. */
export const answerPut = <Entity extends Tracked>(
  request: ChangeRequest,
  { find, needsVersion = true, save, view }: Put<Entity>,
): Promise<Answer> =>
  againUnlessSeen(request.seen, async () => {
    const before = await find();
    if (before)
      return answerChange(request, async () => {
        const present = (await find()) ?? before;
        return { before: present, needsVersion, save: () => save(present), view };
      });
    if (request.seen.version) throw stale(0);
    const { entity, replayed } = await save(undefined);
    return { status: 200, body: await view(entity), version: entity.version, replayed };
  });
