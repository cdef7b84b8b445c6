import type { Contract } from '#shared/core/contract.ts';
import type { Tracked } from '#shared/core/history.ts';
import { checkIntent, entityAt, type Saved } from '#shared/platform/history-store.ts';
import { againUnlessSeen } from './again-unless-seen.ts';
import type { Answer } from './door.ts';
import type { Request } from './request.ts';

/** The part of a request that every change of an existing thing needs. */
export type ChangeRequest = Pick<Request<Contract>, 'caller' | 'now' | 'seen' | 'intent'>;

/** A thing that was loaded, and how it is changed and shown. */
interface Command<Entity> {
  readonly before: Entity;
  /** Of success; 200 where nothing is said. */
  readonly status?: number | undefined;
  /** The caller must say which version it has seen, whatever the contract says. */
  readonly needsVersion?: boolean | undefined;
  readonly save: () => Promise<Saved<Entity>>;
  /** May have to read what is shown with it. */
  readonly view: (entity: Entity) => unknown;
}

/** Load, decide, save, return: the one sentence of every command on an existing thing. A repeat is answered as its first try was. */
export const answerChange = <Entity extends Tracked>(
  { seen, intent }: ChangeRequest,
  load: () => Promise<Command<Entity>>,
): Promise<Answer> =>
  againUnlessSeen(seen, async () => {
    const { before, status = 200, needsVersion = false, save, view } = await load();
    const done = checkIntent(before, intent, { ...seen, required: seen.required || needsVersion });
    if (done !== undefined) {
      return { status, body: await view(await entityAt(before, done)), version: done, replayed: true };
    }
    const { entity, replayed } = await save();
    return { status, body: await view(entity), version: entity.version, replayed };
  });
