import * as z from 'zod';
import { Day } from '#shared/core/time.ts';
import { block, Id, listOf, must, oneOf, some, Text, whole } from '#shared/program/program-fields.ts';

const kindMust = 'a kind of facts, for example "deal.approved"';
/** The shapes only; whether there are such kinds and figures is asked when a program is published, because their tables are large. */
const FactKindName = z.string({ error: must(kindMust) }).max(60);
const kpiMust = 'the id of a KPI, for example "win-rate"';
const KpiName = z.string({ error: must(kpiMust) }).max(60);

/** When a partner of one of these types is active in a period: it has so many facts of these kinds, all together. */
export const ActiveRule = block({
  partnerTypes: some(Id),
  facts: some(FactKindName),
  atLeast: whole('facts', { min: 1, max: 1000 }),
});
export type ActiveRule = z.infer<typeof ActiveRule>;

const figureMust = 'a number in the unit of the KPI: 12.5 for 12.5 %, minor units for money';
const largest = 1_000_000_000_000;
const Figure = z
  .number({ error: must(figureMust) })
  .min(-largest, { error: must(figureMust) })
  .max(largest, { error: must(figureMust) });

/** What a KPI is to come to by a day, from where it stood on another. */
export const KpiTarget = block({
  id: Id,
  name: Text,
  kpi: KpiName,
  /** What is looked at: a month's figure, a quarter's or a year's. */
  per: oneOf(['month', 'quarter', 'year']),
  baseline: block({ on: Day, value: Figure }),
  value: Figure,
  /** The far end, where the target is a range. */
  upTo: Figure.optional(),
  due: Day,
});
export type KpiTarget = z.infer<typeof KpiTarget>;

/** KPIs (PRODUCT §7): who counts as active, and what is aimed at. */
export const KpiRules = block({
  active: listOf(ActiveRule).optional(),
  targets: listOf(KpiTarget).optional(),
});
export type KpiRules = z.infer<typeof KpiRules>;
