import * as z from 'zod';
import { contract, pageQuery } from '#shared/core/contract.ts';
import { SignedMoney } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { kpiUnits } from './kpi-definition.ts';
import { kpiPeriods } from './kpi-rows.ts';
import { targetStates } from './kpi-targets.ts';
import { ProgramCosts, ProgramCostsInput } from './program-costs.ts';

const Unit = z.enum(Object.keys(kpiUnits) as [keyof typeof kpiUnits, ...(keyof typeof kpiUnits)[]]);

export const KpiDefinitionView = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    formula: z.string().meta({ description: 'How it is reckoned, in words' }),
    sources: z
      .array(z.strictObject({ kind: z.string(), meaning: z.string(), source: z.string() }))
      .meta({ description: 'The kinds of facts it is made from' }),
    and: z.string().optional().meta({ description: 'What it is made from beside facts' }),
    unit: Unit,
    users: z.array(z.string()).meta({ description: 'Who looks at it' }),
    is: z.enum(['input', 'output']).meta({ description: 'What is put into the program, or what comes out of it' }),
    audience: z
      .enum(['internal', 'external'])
      .meta({ description: 'For the company’s own eyes, or for partners’ too' }),
    better: z.enum(['more', 'less']),
  })
  .meta({ id: 'KpiDefinition' });
export type KpiDefinitionView = z.infer<typeof KpiDefinitionView>;

export const listKpiDefinitions = contract({
  operation: 'list-kpi-definitions',
  summary: 'Every KPI: how it is reckoned, from which facts, in which unit, and who looks at it',
  answers: { 200: z.strictObject({ data: z.array(KpiDefinitionView), nextCursor: z.null() }) },
  errors: [],
});

/** A figure, or why there is none; never a zero that nobody has told. */
export const KpiFigureView = z
  .strictObject({
    kpi: z.string(),
    value: z.number().optional().meta({ description: 'In the unit of the KPI, rounded once; not of money' }),
    amount: SignedMoney.optional(),
    reason: z.string().optional().meta({ description: 'Why there is no figure' }),
    from: z
      .record(z.string(), z.number())
      .optional()
      .meta({ description: 'The numbers it was made of, money in minor units' }),
  })
  .meta({ id: 'KpiFigure' });
export type KpiFigureView = z.infer<typeof KpiFigureView>;

export const KpiRowView = z
  .strictObject({
    group: z.string().meta({ description: 'The tier, type, region or partner; `all` for the whole program' }),
    period: z.string().meta({ description: 'A month, a quarter, or the fiscal year up to the quarter' }),
    figures: z.array(KpiFigureView),
  })
  .meta({ id: 'KpiRow' });
export type KpiRowView = z.infer<typeof KpiRowView>;

export const KpiComparisonView = z
  .strictObject({
    name: z.string(),
    period: z.string(),
    partners: KpiFigureView,
    direct: KpiFigureView,
    difference: z.number().optional().meta({ description: 'Partners less direct sales; money in minor units' }),
  })
  .meta({ id: 'KpiComparison' });
export type KpiComparisonView = z.infer<typeof KpiComparisonView>;

export const KpiTargetView = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kpi: z.string(),
    per: z.enum(kpiPeriods),
    period: z.string(),
    baseline: z.strictObject({ on: Day, value: z.number() }),
    value: z.number(),
    upTo: z.number().optional(),
    due: Day,
    state: z.enum(targetStates),
    actual: z.number().optional(),
    expected: z.number().optional().meta({ description: 'On the straight line from the baseline to the target' }),
    reason: z.string().optional(),
  })
  .meta({ id: 'KpiTarget' });
export type KpiTargetView = z.infer<typeof KpiTargetView>;

const ComputedView = z.strictObject({ runId: z.string(), at: Instant, programVersion: z.int() });

export const getKpis = contract({
  operation: 'get-kpis',
  summary:
    'All figures of a quarter as its last scoring run made them, by month, quarter or year, of the whole program or by tier, type, region or partner; with targets, and partners beside direct sales',
  query: z.strictObject({
    ...pageQuery,
    quarter: Quarter,
    by: z.enum(kpiPeriods).default('quarter'),
    groupBy: z.enum(['all', 'partner', 'tier', 'type', 'region']).default('all'),
    kpi: z.string().max(60).optional().meta({ description: 'Only this one' }),
  }),
  answers: {
    200: z.strictObject({
      quarter: Quarter,
      by: z.enum(kpiPeriods),
      groupBy: z.string(),
      computed: ComputedView,
      data: z.array(KpiRowView),
      comparisons: z.array(KpiComparisonView).meta({ description: 'Of the whole program' }),
      targets: z.array(KpiTargetView).meta({ description: 'Of the whole program, as they stand at the quarter’s end' }),
      nextCursor: z.string().nullable().meta({ description: 'By partner there are several pages' }),
    }),
  },
  errors: ['kpis.not_computed', 'program.not_published'],
});

const Year = z.string().regex(/^\d{4}$/, 'must be a fiscal year, for example "2026"');

export const KpiReport = z
  .strictObject({
    year: Year,
    programName: z.string(),
    upTo: Quarter.meta({ description: 'The last quarter of the year that has been computed' }),
    computed: ComputedView,
    summary: z.array(z.string()).meta({ description: 'The year in sentences' }),
    quarters: z.array(KpiRowView).meta({ description: 'The whole program, quarter by quarter' }),
    total: KpiRowView.meta({ description: 'The whole program, the year up to that quarter' }),
    groups: z.array(KpiRowView).meta({ description: 'The same by tier, type and region' }),
    comparisons: z.array(KpiComparisonView),
    targets: z.array(KpiTargetView),
  })
  .meta({ id: 'KpiReport' });
export type KpiReport = z.infer<typeof KpiReport>;

export const reportMedia = ['application/json', 'text/markdown'] as const;

export const getKpiReport = contract({
  operation: 'get-kpi-report',
  summary: 'The year in words and figures, as JSON or as Markdown by Accept',
  query: z.strictObject({ year: Year }),
  answers: { 200: KpiReport },
  media: reportMedia,
  errors: ['kpis.not_computed', 'program.not_published'],
});

export const ProgramCostsView = z
  .strictObject({
    ...ProgramCosts.pick({ id: true, status: true, version: true, createdAt: true, updatedAt: true, quarter: true })
      .shape,
    ...ProgramCostsInput.shape,
    total: SignedMoney,
  })
  .meta({ id: 'ProgramCosts' });
export type ProgramCostsView = z.infer<typeof ProgramCostsView>;

const ofQuarter = z.strictObject({ quarter: Quarter });

export const getProgramCosts = contract({
  operation: 'get-program-costs',
  summary: 'What finance entered as the program’s costs of a quarter',
  params: ofQuarter,
  answers: { 200: ProgramCostsView },
  errors: ['not_found'],
});

export const enterProgramCosts = contract({
  operation: 'enter-program-costs',
  summary: 'Enter the program’s costs of a quarter and its margin; over what is there with If-Match',
  params: ofQuarter,
  body: ProgramCostsInput,
  answers: { 200: ProgramCostsView },
  errors: ['version.stale', 'version.required', 'money.currency_mismatch', 'program.not_published'],
});
