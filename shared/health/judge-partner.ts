import { hash } from 'node:crypto';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { judgeTier, type TierJudgement } from '#shared/partners/tier-of-quarter.ts';
import type { Program } from '#shared/program/program.ts';
import type { Scorecard } from '#shared/scorecards/scorecard.ts';
import { scorecardOf } from '#shared/scorecards/scorecard-of.ts';
import { type Warning, warningsOf } from '#shared/scorecards/warnings-of.ts';
import type { Finding } from './health.ts';
import { isInProgram } from './in-program.ts';
import type { Score } from './score.ts';
import { scoreQuarter } from './score-quarter.ts';
import { type ScoringRules, scoringRulesOf } from './scoring-rules.ts';

/** What all partners of a run are judged by. */
export interface Rules {
  readonly program: Program;
  readonly scoring: ScoringRules;
}

export const rulesOf = (program: Program): Rules => ({ program, scoring: scoringRulesOf(program.health) });

/** What a revision's text holds, its fields in the order of their names. */
export interface Judged {
  readonly score: Score;
  readonly scorecard: Scorecard;
  readonly tier: TierJudgement;
  readonly warnings: readonly Warning[];
}

/**
 * What a quarter of a partner comes to; undefined for one that is not in the program then. The same facts and the same program give
 * the same text, to the byte.
 */
export const judgePartner = (of: PartnerFacts, { program, scoring }: Rules): Finding | undefined => {
  if (!isInProgram(of)) return undefined;
  const score = scoreQuarter(of, scoring);
  const scorecard = scorecardOf(of, program);
  const tier = judgeTier(of, program, score.points);
  const judged: Judged = { score, scorecard, tier, warnings: warningsOf(of, program, scorecard) };
  const text = JSON.stringify(judged);
  const digest = hash('sha256', text, 'hex').slice(0, 16);
  const { points, band, coverage } = score;
  return { partnerId: of.partnerId, points, band, coverage, text, digest, tier };
};
