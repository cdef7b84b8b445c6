import * as z from 'zod';
import { hashOf } from '#shared/core/canonical.ts';
import { absent, all, any, begins, is } from '#shared/platform/condition.ts';
import { stale } from '#shared/platform/history-store.ts';
import { type Item, queryAll, read, transact, type Write } from '#shared/platform/table.ts';
import { CarryReason } from './payout.ts';
import type { Manifest } from './run.ts';
import { runKey } from './run-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | lines of a run's manifest, chunk by chunk in order | table | pk = run id, sk from `lines#<shard>#<number>` |
 * | what a run carried over | table | pk = run id, sk from `carried#<shard>#` |
 *
 * Both are written while the run collects and never after.
 */
const Line = z.strictObject({
  payoutId: z.string(),
  partnerId: z.string(),
  currency: z.string(),
  period: z.string(),
  amountMinor: z.int().positive(),
  payeeVersion: z.int().positive(),
});
export type Line = z.infer<typeof Line>;

const CarriedLine = z.strictObject({
  payoutId: z.string(),
  partnerId: z.string(),
  amountMinor: z.int(),
  reasons: z.array(CarryReason),
});
export type CarriedLine = z.infer<typeof CarriedLine>;

export const linesPerChunk = 50;

/** Written again by a collector that is run again; refused once the run is frozen. */
const keep = async (runId: string, item: Item): Promise<void> => {
  const collecting: Write = {
    write: 'check',
    key: runKey(runId),
    when: is('status', '=', 'collecting'),
    refuse: () => stale(undefined),
  };
  const own: Write = {
    write: 'replace',
    item,
    when: any(absent('pk'), is('kind', '=', item.kind)),
    refuse: () => stale(undefined),
  };
  const failure = await transact([own, collecting]);
  if (failure) throw stale(undefined);
};

/** The manifest lines of a shard's partners, in the order of partners. */
export const keepLines = async (runId: string, shard: number, lines: readonly Line[]): Promise<void> => {
  for (let start = 0; start < lines.length; start += linesPerChunk) {
    const sk = `lines#${shard}#${String(start / linesPerChunk).padStart(5, '0')}`;
    await keep(runId, { pk: runId, sk, kind: 'payout-lines', lines: lines.slice(start, start + linesPerChunk) });
  }
};

/** Kept before it is carried: what is carried stands in no list any more. */
export const keepCarried = async (runId: string, shard: number, lines: readonly CarriedLine[]): Promise<void> => {
  const [first] = lines;
  if (!first) return;
  await keep(runId, { pk: runId, sk: `carried#${shard}#${first.payoutId}`, kind: 'payouts-carried', lines });
};

const perQuery = 25;

async function* itemsFrom(runId: string, prefix: string): AsyncGenerator<Item> {
  const key = all(is('pk', '=', runId), begins('sk', prefix));
  for await (const items of queryAll({ key, limit: perQuery })) yield* items;
}

const linesOf = ({ lines }: Item): readonly Line[] => z.array(Line).parse(lines);

/** Names of the chunks of a run's manifest, in order. */
export const listChunks = async (runId: string): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const { sk } of itemsFrom(runId, 'lines#')) names.push(sk);
  return names;
};

/** Empty when there is no such chunk. */
export const readChunk = async (runId: string, chunk: string): Promise<readonly Line[]> => {
  const [item] = await read([{ pk: runId, sk: chunk }]);
  return item ? linesOf(item) : [];
};

/** All lines of a run's manifest, chunk by chunk in order. */
export async function* chunksOf(runId: string): AsyncGenerator<readonly Line[]> {
  for await (const item of itemsFrom(runId, 'lines#')) yield linesOf(item);
}

/** Some lines of a run's manifest, from the one after `after`, which is `<chunk>:<place in it>`. */
export const pageOfLines = async (
  runId: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly lines: readonly Line[]; readonly after: string | undefined }> => {
  const [lastChunk = '', lastPlace = '-1'] = after?.split(':') ?? [];
  const lines: Line[] = [];
  let cursor = { chunk: lastChunk, place: Number(lastPlace) };
  for await (const item of itemsFrom(runId, 'lines#')) {
    if (item.sk < lastChunk) continue;
    for (const [place, line] of linesOf(item).entries()) {
      if (item.sk === lastChunk && place <= Number(lastPlace)) continue;
      if (lines.length === limit) return { lines, after: `${cursor.chunk}:${cursor.place}` };
      lines.push(line);
      cursor = { chunk: item.sk, place };
    }
  }
  return { lines, after: undefined };
};

/** What a run carried over, each once. */
export const carriedBy = async (runId: string): Promise<readonly CarriedLine[]> => {
  const carried = new Map<string, CarriedLine>();
  for await (const item of itemsFrom(runId, 'carried#'))
    for (const line of z.array(CarriedLine).parse(item.lines)) carried.set(line.payoutId, line);
  return [...carried.values()];
};

/** What there is to approve: the lines hash in their order, whatever chunks they stand in. */
export const manifestOf = async (runId: string): Promise<Manifest> => {
  const lines: Line[] = [];
  for await (const chunk of chunksOf(runId)) lines.push(...chunk);
  const counts: Record<string, number> = {};
  for (const { reasons } of await carriedBy(runId))
    for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return {
    totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    payouts: lines.length,
    carried: counts,
    hash: hashOf(lines),
  };
};
