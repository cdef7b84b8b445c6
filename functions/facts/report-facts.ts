import { stringify } from 'csv-stringify/sync';
import { type Answer, operation } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import type { Caller } from '#shared/core/caller.ts';
import { DomainError, isCode } from '#shared/core/errors.ts';
import { preferred } from '#shared/core/preferred.ts';
import * as contracts from '#shared/facts/fact-contract.ts';
import { type FactRecord, factIdOf, idReused, judgeRow, type Refused, saysTheSame } from '#shared/facts/fact-report.ts';
import { findBatch, insertFacts, knownFacts, partnersThere } from '#shared/facts/report-store.ts';
import { programAt } from '#shared/program/program-store.ts';

type Verdict = { readonly outcome: 'accepted' | 'known' } | ({ readonly outcome: 'refused' } & Refused);

const sourceOf = (caller: Caller): string => (caller.kind === 'api_key' ? caller.id : 'staff');

/** Each row by itself: is it right, and was it told before? What this same request wrote in an earlier try is accepted again. */
const judge = async ({ body, caller, intent, now }: Request<typeof contracts.reportFacts>) => {
  const { facts, source = sourceOf(caller) } = body;
  const [{ program }, known, partners] = await Promise.all([
    programAt(now),
    knownFacts(facts.map(({ id }) => factIdOf(source, id))),
    partnersThere(facts.flatMap(({ partnerId }) => partnerId ?? [])),
  ]);
  const fresh = new Map<string, FactRecord>();
  const verdicts = facts.map((row): Verdict => {
    const judged = judgeRow(row, source, { now, program, partners });
    if ('refused' in judged) return { outcome: 'refused', ...judged.refused };
    const { fact } = judged;
    const [stored, sibling] = [known.get(fact.id), fresh.get(fact.id)];
    if (stored && !saysTheSame(stored, fact)) return { outcome: 'refused', ...idReused() };
    if (sibling && !saysTheSame({ changes: { ...sibling } }, fact)) return { outcome: 'refused', ...idReused() };
    if (sibling) return { outcome: 'known' };
    fresh.set(fact.id, fact);
    return { outcome: stored && stored.writeId !== intent.writeId ? 'known' : 'accepted' };
  });
  return { verdicts, missing: [...fresh.values()].filter(({ id }) => !known.has(id)) };
};

const reportOf = (rows: readonly { readonly id: string }[], verdicts: readonly Verdict[]): contracts.FactsReport => ({
  accepted: verdicts.filter(({ outcome }) => outcome === 'accepted').length,
  known: verdicts.filter(({ outcome }) => outcome === 'known').length,
  refused: verdicts.flatMap((verdict, index) =>
    verdict.outcome === 'refused'
      ? [{ row: index + 1, id: rows[index]?.id ?? '', code: verdict.code, detail: verdict.detail }]
      : [],
  ),
});

/** One line for each row, with nothing that a spreadsheet takes for a formula. */
const csvOf = (rows: readonly { readonly id: string }[], verdicts: readonly Verdict[]): string => {
  const lines = verdicts.map((verdict, index) => [
    index + 1,
    rows[index]?.id,
    verdict.outcome,
    ...(verdict.outcome === 'refused' ? [verdict.code, verdict.detail] : ['', '']),
  ]);
  const head = ['row', 'id', 'outcome', 'code', 'detail'];
  return stringify([head, ...lines], { escape_formulas: true, record_delimiter: 'windows' });
};

const tries = 4;

/** POST /v1/facts. Two requests to the table: what is known of it, and what is new. */
export const reportFacts = operation(contracts.reportFacts, async (request): Promise<Answer> => {
  const { body, intent, accept } = request;
  const isCsv = preferred(accept, contracts.factsMedia, (name, choice) => name === choice) === 'text/csv';
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const [batch, { verdicts, missing }] = await Promise.all([findBatch(intent), judge(request)]);
    try {
      if (await insertFacts(missing, intent, batch)) continue;
    } catch (error) {
      if (isCode(error, 'version.stale')) continue;
      throw error;
    }
    const common = { status: 200, replayed: batch !== undefined, headers: { vary: 'accept' } };
    return isCsv
      ? { ...common, content: { type: 'text/csv; charset=utf-8', data: csvOf(body.facts, verdicts) } }
      : { ...common, body: reportOf(body.facts, verdicts) };
  }
  throw new DomainError('conflict', 'idempotency.in_flight', 'The same facts are being told right now. Try again.');
});
