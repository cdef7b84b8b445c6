import { type Answer, operation } from '#functions/http/door.ts';
import { preferred } from '#shared/core/preferred.ts';
import * as contracts from '#shared/kpis/kpi-contract.ts';
import { kpiReport } from '#shared/kpis/kpi-report.ts';
import { findSums, getSums } from '#shared/kpis/kpi-store.ts';
import { readCosts } from '#shared/kpis/program-costs-store.ts';
import { reportMarkdown } from '#shared/kpis/report-markdown.ts';
import { programAt } from '#shared/program/program-store.ts';

/** GET /v1/kpis/report?year=. The year is as far as its quarters have been computed. */
export const getKpiReport = operation(contracts.getKpiReport, async ({ query, accept, now }): Promise<Answer> => {
  const { year } = query;
  const names = [1, 2, 3, 4].map((number) => `${year}-Q${number}`);
  const [{ program }, costs, kept] = await Promise.all([
    programAt(now),
    readCosts(names),
    Promise.all(names.map(findSums)),
  ]);
  const [first, ...others] = kept.filter((each) => each !== undefined);
  const quarters = [first ?? (await getSums(`${year}-Q1`)), ...others] as const;
  const report = kpiReport({ year, quarters, costs, program });
  const headers = { vary: 'accept' };
  const media = preferred(accept, contracts.reportMedia, (name, choice) => name === choice);
  if (media === 'application/json') return { status: 200, body: report, headers };
  const content = { type: 'text/markdown; charset=utf-8', data: reportMarkdown(report) };
  return { status: 200, content, headers };
});
