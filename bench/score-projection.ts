import type { Figure } from './figure.ts';
import { prices } from './prices.ts';

/** Of one partner, as measured. */
export interface Measured {
  readonly partners: number;
  readonly readUnits: number;
  readonly cpuUs: number;
  /** Checkpoints of the workers. */
  readonly checkpoints: number;
  /** Of all its facts. */
  readonly bytes: number;
}

/** Of workflows/health/scoring-run.asl.json, infra/functions.ts and shared/health/segments-store.ts. */
const segmentBytes = 128 * 1024 * 1024;
const atOnce = 20;
const pagesPerCall = 16;
const memoryGb = 1769 / 1024;
/** A page of a megabyte from the table to the function: assumed, as nothing ran on AWS; ten times what the local engine takes. */
const msPerPage = 60;
/** AWS's processors run our code at about this part of the speed of the machine that measured: assumed. */
const slower = 2;
/** Units of a checkpoint of 30 kilobytes, in a transaction. */
const unitsPerCheckpoint = 60;
/**
 * Units of a partner that changed: its record (2, and 2 of the index) and event (2) below a kilobyte each, the text of its revision
 * (about 5 kilobytes: 10), and the check that its worker was not overtaken (2); two more for a fact of it.
 */
const unitsPerChange = 20;
/** Start, Load, Where, Score, Close; of each segment its start, and two for each call. */
const transitions = (segments: number, calls: number): number => 5 + segments + 2 * calls;

const dollars = (value: number): string => `${value.toFixed(2)} USD`;
const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

/** What a run over more partners comes to, each step of the arithmetic in words. Prices are those of docs/performance.md. */
export const projectTo = ({ partners, readUnits, cpuUs, checkpoints, bytes }: Measured): readonly Figure[] => {
  const table = partners * bytes;
  const segments = Math.min(1000, Math.max(8, Math.ceil(table / segmentBytes)));
  const pages = Math.ceil(table / 2 ** 20);
  const calls = Math.ceil(pages / pagesPerCall);
  const units = partners * readUnits;
  const kept = partners * checkpoints * unitsPerCheckpoint;
  const changed = partners * unitsPerChange;
  const steps = transitions(segments, calls);
  const seconds = (pages * msPerPage) / 1000 + (partners * cpuUs * slower) / 1e6;
  const bill = {
    reading: (units / 1e6) * prices.millionReadUnits,
    checkpoints: (kept / 1e6) * prices.millionWriteUnits,
    changes: (changed / 1e6) * prices.millionWriteUnits,
    transitions: (steps / 1e6) * prices.millionTransitions,
    functions: seconds * memoryGb * prices.gigabyteSecond,
  };
  const unchanged = bill.reading + bill.checkpoints + bill.transitions + bill.functions;
  const who = `${grouped(partners)} partners`;
  return [
    {
      name: `read units of ${who}`,
      value: units,
      unit: 'units',
      note: `${grouped(partners)} × ${readUnits.toFixed(3)} = ${grouped(units)}; × ${prices.millionReadUnits} USD a million = ${dollars(bill.reading)}`,
    },
    {
      name: `write units of ${who}, unchanged`,
      value: kept,
      unit: 'units',
      note: `${grouped(partners * checkpoints)} checkpoints × ${unitsPerCheckpoint} units of 30 kilobytes = ${grouped(kept)}; × ${prices.millionWriteUnits} USD a million = ${dollars(bill.checkpoints)}`,
    },
    {
      name: `write units of ${who}, all changed`,
      value: changed,
      unit: 'units',
      note: `${grouped(partners)} × ${unitsPerChange} (record 2 and index 2, event 2, text of 5 kilobytes 10, check 2, fact 2) = ${grouped(changed)}; = ${dollars(bill.changes)}`,
    },
    {
      name: `transitions of ${who}`,
      value: steps,
      unit: 'transitions',
      note: `${grouped(table / 1e9)} GB of facts ÷ 128 MiB = ${segments} segments; ${grouped(pages)} pages ÷ ${pagesPerCall} = ${grouped(calls)} calls; 5 + ${segments} + 2 × ${grouped(calls)} = ${grouped(steps)}; × ${prices.millionTransitions} USD a million = ${dollars(bill.transitions)}`,
    },
    {
      name: `dollars of ${who}, unchanged`,
      value: unchanged,
      unit: 'USD',
      note: `reading ${dollars(bill.reading)} + checkpoints ${dollars(bill.checkpoints)} + transitions ${dollars(bill.transitions)} + functions ${dollars(bill.functions)} (${grouped(pages)} pages × ${msPerPage} ms, assumed, + ${grouped(partners)} × ${cpuUs.toFixed(0)} µs × ${slower}, assumed, = ${grouped(seconds)} s × ${memoryGb.toFixed(2)} GB × ${prices.gigabyteSecond} USD); all changed: ${dollars(unchanged + bill.changes)}`,
    },
    {
      name: `minutes of ${who}, unchanged`,
      value: seconds / Math.min(atOnce, segments) / 60,
      unit: 'minutes',
      note: `${grouped(seconds)} s of functions ÷ ${Math.min(atOnce, segments)} at once ÷ 60`,
    },
  ];
};
