import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { type NextState, nextOfNamed } from '#shared/platform/history-store.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import type { CostsByQuarter } from './costs-of-period.ts';
import { ProgramCosts, programCostsId } from './program-costs.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the costs of a quarter | table | pk = id made from the quarter, sk = `program-costs` |
 * | all of them, for who checks histories | byStatus | `program-costs#<shard>`, id |
 */
const costsKey = (quarter: Quarter): Key => ({ pk: programCostsId(quarter), sk: 'program-costs' });

export const costsFrom = (item: Item): ProgramCosts => ProgramCosts.parse(item);

export const findProgramCosts = async (quarter: Quarter): Promise<ProgramCosts | undefined> => {
  const [item] = await read([costsKey(quarter)]);
  return item && costsFrom(item);
};

/** Throws `not_found`. */
export const getProgramCosts = async (quarter: Quarter): Promise<ProgramCosts> => {
  const costs = await findProgramCosts(quarter);
  if (!costs) throw notFound();
  return costs;
};

/** What is entered of these quarters. */
export const readCosts = async (quarters: readonly Quarter[]): Promise<CostsByQuarter> => {
  const items = await read(quarters.map(costsKey));
  return new Map(items.flatMap((item) => (item ? [costsFrom(item)] : [])).map((costs) => [costs.quarter, costs]));
};

/** Words by people, who may name others. */
const personalFields = ['note'];

const toItem = (costs: ProgramCosts): Item => ({
  ...costsKey(costs.quarter),
  kind: 'program-costs',
  ...costs,
  statusKey: `program-costs#${shardOf(costs.id)}`,
  statusSort: costs.id,
  summary: {},
});

/** Enters costs for the first time, or in the place of those that were read. Throws `version.stale` when somebody was faster. */
export const changeProgramCosts = (
  before: ProgramCosts | undefined,
  after: ProgramCosts,
  intent: Intent,
): NextState<ProgramCosts> =>
  nextOfNamed(before, after, { type: 'program_costs.entered', intent, personalFields, toItem });
