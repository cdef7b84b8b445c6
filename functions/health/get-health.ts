import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { previousQuarter, type Quarter } from '#shared/core/quarters.ts';
import { explainScore } from '#shared/health/explain-score.ts';
import { viewExplanation } from '#shared/health/explanation-view.ts';
import type { Health, Revision } from '#shared/health/health.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { findHealth, getRevision, listRevisions } from '#shared/health/health-store.ts';
import { judgedIn, viewHealth } from '#shared/health/health-view.ts';
import { leversFor } from '#shared/health/levers.ts';
import { scoringRulesOf } from '#shared/health/scoring-rules.ts';
import { findReviews } from '#shared/health/scoring-run-store.ts';
import { asShown } from '#shared/health/shown-store.ts';
import { getProgramRules } from '#shared/program/program-store.ts';

const quartersShown = 8;

/** Newest first. */
const quartersUntil = (quarter: Quarter): readonly Quarter[] => {
  const quarters = [quarter];
  while (quarters.length < quartersShown) quarters.push(previousQuarter(quarters.at(-1) ?? quarter));
  return quarters;
};

/** A revision with the rules that it was judged by, which may be others today. */
const judgement = async (revision: Revision) => {
  const program = await getProgramRules(revision.programVersion);
  return { score: judgedIn(revision).score, rules: scoringRulesOf(program.health), currency: program.currency };
};

/** What is told of a change is told against the quarter before, if it was scored. */
const explain = async (revision: Revision, quarter: Quarter, before: Health | undefined) => {
  const judged = await judgement(revision);
  const last = before && (await judgement(await getRevision(before.id, before.revision)));
  return viewExplanation(explainScore({ ...judged, quarter }, last), leversFor(judged));
};

/** GET /v1/partners/{partnerId}/health/{quarter}. Partners see what is published, of the quarters before too. */
export const getHealth = operation(contracts.getHealth, async ({ caller, params, query }) => {
  mustReach('get-health', caller, params.partnerId);
  const isForStaff = byStaff(caller);
  const quarters = quartersUntil(params.quarter);
  const [found, reviews] = await Promise.all([findHealth(params.partnerId, quarters), findReviews(quarters)]);
  const [health, ...past] = await Promise.all(
    found.map((each, index) => (each && (isForStaff || reviews[index]) ? asShown(each, isForStaff) : undefined)),
  );
  if (!health) throw notFound();
  const revisions = await listRevisions(health.id, health.revision);
  const revision = revisions.find((each) => each.revision === (query.revision ?? health.revision));
  if (!revision) throw notFound();
  const history = past.flatMap((each) => each ?? []).reverse();
  const isPublished = reviews[0] !== undefined;
  const explanation = await explain(revision, params.quarter, past[0]);
  const body = viewHealth({ health, isPublished, revision, revisions, history, explanation });
  return { status: 200, body, version: health.version };
});
