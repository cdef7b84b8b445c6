import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { previousQuarter, type Quarter } from '#shared/core/quarters.ts';
import { listFacts } from '#shared/facts/fact-store.ts';
import { type PartnerFacts, partnerFacts } from '#shared/facts/partner-facts.ts';
import { viewComparisons, viewRow, viewTargets } from '#shared/kpis/figure-view.ts';
import * as contracts from '#shared/kpis/kpi-contract.ts';
import { groupRows, type KpiPeriod, type KpiRow, type Looked, look, rowsOf } from '#shared/kpis/kpi-rows.ts';
import { getSums } from '#shared/kpis/kpi-store.ts';
import { measuresOf } from '#shared/kpis/measures-of.ts';
import { periodsOf } from '#shared/kpis/periods.ts';
import { readCosts } from '#shared/kpis/program-costs-store.ts';
import { listPartners } from '#shared/partners/partner-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';

/** So long facts are kept. */
const quartersKept = 9;

const factsOf = async (partnerId: string, quarter: Quarter): Promise<PartnerFacts> => {
  const from = Array.from({ length: quartersKept }).reduce<Quarter>(previousQuarter, quarter);
  const facts = await listFacts(partnerId, { from, to: quarter });
  return partnerFacts(partnerId, quarter, facts);
};

interface ByPartner {
  readonly looked: Looked;
  readonly by: KpiPeriod;
  readonly program: Program;
}

const partnersAtOnce = 8;

/** Figures of partners are made when somebody asks, from what the run saw: the partner's own facts. */
const rowsOfPartners = async (partnerIds: readonly string[], { looked, by, program }: ByPartner): Promise<KpiRow[]> => {
  const rows: KpiRow[] = [];
  for (let start = 0; start < partnerIds.length; start += partnersAtOnce) {
    const some = partnerIds.slice(start, start + partnersAtOnce);
    const facts = await Promise.all(some.map((partnerId) => factsOf(partnerId, looked.quarter)));
    for (const of of facts)
      rows.push(...rowsOf(looked, by, { group: of.partnerId, measures: measuresOf(of, program) }));
  }
  return rows;
};

const keepOnly = (rows: readonly KpiRow[], kpi: string | undefined): readonly KpiRow[] =>
  kpi === undefined
    ? rows
    : rows.map((row) => ({ ...row, figures: row.figures.filter((figure) => figure.kpi === kpi) }));

/** GET /v1/kpis. Groups are as the last run of the quarter left them. */
export const getKpis = operation(contracts.getKpis, async ({ caller, query, now }) => {
  const { quarter, by, groupBy, kpi } = query;
  const { limit, after, nextCursor } = pageAsked('get-kpis', caller, query);
  const [{ program }, kept, page] = await Promise.all([
    programAt(now),
    getSums(quarter),
    groupBy === 'partner' ? listPartners({ filter: {}, after, limit }) : undefined,
  ]);
  const { currency } = program;
  const costs = await readCosts(periodsOf(quarter, program).quartersOfYear);
  const looked = look({ quarter, sums: kept.sums, costs, calendar: program });
  const rows =
    groupBy === 'partner'
      ? await rowsOfPartners(page?.partners.map(({ id }) => id) ?? [], { looked, by, program })
      : groupRows(looked, by, groupBy);
  const { quarter: _quarter, ...computed } = kept.run;
  const body = {
    quarter,
    by,
    groupBy,
    computed,
    data: keepOnly(rows, kpi).map((row) => viewRow(row, currency)),
    comparisons: viewComparisons(groupRows(looked, by, 'all'), currency),
    targets: viewTargets(looked, program),
    nextCursor: nextCursor(page?.after),
  };
  return { status: 200, body };
});
