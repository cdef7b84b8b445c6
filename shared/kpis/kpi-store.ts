import { gunzipSync, gzipSync } from 'node:zlib';
import { DomainError } from '#shared/core/errors.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import type { Instant } from '#shared/core/time.ts';
import { absent, any, is } from '#shared/platform/condition.ts';
import { stale } from '#shared/platform/history-store.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import type { KpiSums } from './kpi-sums.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the sums of a quarter, as its last run made them | table | pk = `kpi_<quarter>`, sk = `sums#<part, 2 digits>` |
 *
 * They are made anew by every run and nothing else changes them, so they have no history: the run's is theirs. They are packed, a few ten
 * kilobytes as a rule, and in several parts where they are larger than an item may be.
 */
const sumsKey = (quarter: Quarter, part: number): Key => ({
  pk: `kpi_${quarter}`,
  sk: `sums#${String(part).padStart(2, '0')}`,
});

/** An item may have 400 KB. */
const charactersPerPart = 350_000;

/** As text, about a tenth as long as JSON. */
export const packSums = (sums: KpiSums): string => gzipSync(JSON.stringify(sums)).toString('base64');

export const unpackSums = (packed: string): KpiSums => JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());

/** Which run made the sums of a quarter, when, and by which version of the program. */
export interface KpiRun {
  readonly quarter: Quarter;
  readonly runId: string;
  readonly at: Instant;
  readonly programVersion: number;
}

export interface KeptSums {
  readonly run: KpiRun;
  readonly sums: KpiSums;
}

/**
 * Puts the sums of a finished run in the place of those of runs before it; the same run may do so again. Goes into the transaction that
 * completes the run. Throws `version.stale` when a later run has put its own there.
 */
export const keepSums = ({ quarter, ...run }: KpiRun, sums: KpiSums): readonly Write[] => {
  const packed = packSums(sums);
  const parts = Math.ceil(packed.length / charactersPerPart);
  return Array.from({ length: parts }, (_, part) => ({
    write: 'replace' as const,
    item: {
      ...sumsKey(quarter, part),
      kind: 'kpi-sums',
      quarter,
      ...run,
      parts,
      packed: packed.slice(part * charactersPerPart, (part + 1) * charactersPerPart),
    },
    when: any(absent('pk'), is('at', '<=', run.at)),
    refuse: () => stale(undefined),
  }));
};

/** The sums that the parts of them hold, in their order. */
export const sumsFrom = (parts: readonly Item[]): KeptSums | undefined => {
  const [first] = parts;
  if (!first) return undefined;
  const { quarter, runId, at, programVersion } = first;
  return {
    // They are written by `keepSums` only.
    run: { quarter, runId, at, programVersion } as KpiRun,
    sums: unpackSums(parts.map(({ packed }) => String(packed)).join('')),
  };
};

/** Undefined while no run of the quarter is complete. */
export const findSums = async (quarter: Quarter): Promise<KeptSums | undefined> => {
  const [first] = await read([sumsKey(quarter, 0)]);
  if (!first) return undefined;
  const others = Array.from({ length: Number(first.parts) - 1 }, (_, index) => sumsKey(quarter, index + 1));
  const parts = others.length > 0 ? await read([sumsKey(quarter, 0), ...others]) : [first];
  return sumsFrom(parts.filter((part) => part !== undefined));
};

/** Throws `kpis.not_computed`. */
export const getSums = async (quarter: Quarter): Promise<KeptSums> => {
  const kept = await findSums(quarter);
  if (kept) return kept;
  const message = `No scoring run of ${quarter} is complete, so there are no figures of it yet. Start one with POST /v1/scoring-runs.`;
  throw new DomainError('conflict', 'kpis.not_computed', message, { facts: { quarter } });
};
