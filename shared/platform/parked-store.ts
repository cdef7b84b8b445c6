import type { StoredEvent } from '#shared/core/history.ts';
import { addDays, millis } from '#shared/core/time.ts';
import { absent, is } from './condition.ts';
import { type Item, queryAll, read, transact } from './table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | how often following an event has failed | table | pk = `parked`, sk = `<subject>#<seq, 8 digits>` |
 * | events whose follow-up is parked, by subject and number | table | pk = `parked` |
 *
 * What keeps failing after an event is set aside, so that the stream can go on, and tried again by the clock until it succeeds.
 * All of it stands under one key: it is written only when something fails.
 */
const keyOf = ({ subject, seq }: Pick<StoredEvent, 'subject' | 'seq'>) => ({
  pk: 'parked',
  sk: `${subject}#${String(seq).padStart(8, '0')}`,
});

/** Fewer than the stream's own tries, so that an event is parked before it goes to the dead letters. */
const failuresUntilParked = 5;
const rememberedDays = 7;

const write = async (item: Item, before: Item | undefined): Promise<boolean> => {
  const when = before ? is('failures', '=', before.failures) : absent('pk');
  const failure = await transact([
    {
      write: 'replace',
      item,
      when,
      refuse: () => new Error('Another try of the same event was counted at the same time.'),
    },
  ]);
  return failure === undefined;
};

const forget = (at: string): number => Math.floor(millis(addDays(at, rememberedDays)) / 1000);

/** Counts one more failure to follow this event; answers whether it is parked now, so that the stream may go on. */
export const countFailure = async (event: StoredEvent): Promise<boolean> => {
  const key = keyOf(event);
  const [before] = await read([key]);
  const failures = Number(before?.failures ?? 0) + 1;
  const parked = failures >= failuresUntilParked;
  const item = { ...key, kind: 'parked', subject: event.subject, seq: event.seq, failures };
  const written = await write(parked ? item : { ...item, expiresAt: forget(event.at) }, before);
  return parked && written;
};

/** An event whose follow-up is parked. */
export interface Parked {
  readonly subject: string;
  readonly seq: number;
  readonly failures: number;
}

const perPage = 100;

/** Everything that is parked, a subject's events in their order. */
export const listParked = async (): Promise<readonly Parked[]> => {
  const parked: Parked[] = [];
  for await (const items of queryAll({ key: is('pk', '=', 'parked'), limit: perPage }))
    for (const { subject, seq, failures } of items) {
      if (Number(failures) < failuresUntilParked) continue;
      parked.push({ subject: String(subject), seq: Number(seq), failures: Number(failures) });
    }
  return parked;
};

/** Its follow-up succeeded; `now` is when. */
export const unpark = async (parked: Parked, now: string): Promise<void> => {
  const key = keyOf(parked);
  await write(
    { ...key, kind: 'parked', ...parked, failures: 0, expiresAt: forget(now) },
    { ...key, failures: parked.failures },
  );
};
