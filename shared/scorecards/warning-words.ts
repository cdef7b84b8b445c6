import { lastDayOf, type Quarter } from '#shared/core/quarters.ts';
import { addDays, type Day } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { defaultWarnings } from './default-scorecard.ts';
import type { Warning } from './warnings-of.ts';

/** A task for whoever looks after the partner. */
export interface WarningTask {
  readonly kind: Warning['kind'];
  readonly text: string;
  readonly action: string;
  /** After this day it is closed by itself; the next quarter looks again. */
  readonly until: Day;
}

const advice: Readonly<Record<string, string>> = {
  dealsSourced: 'Go through the partner’s customers together and choose the next deals to register.',
  pipelineSourced: 'Plan one joint activity that brings new pipeline.',
  revenueClosed: 'Go through the open deals one by one and say what each needs to be won.',
  winRate: 'Look at the lost deals together: why, and what would have helped.',
  trainings: 'Agree on who is trained by when.',
  certifications: 'Agree on who is certified by when.',
  partnerNps: 'Ask those who are unhappy what went wrong, and answer them.',
  satisfaction: 'Ask those who are unhappy what went wrong, and answer them.',
};

/** `dealsSourced` as "Deals sourced". */
const words = (metric: string): string => {
  const apart = metric.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace('nps', 'NPS');
  return apart.charAt(0).toUpperCase() + apart.slice(1);
};

type Words = Pick<WarningTask, 'text' | 'action'>;
type Rules = Pick<Program, 'health' | 'fiscalYearStart'>;

const wordsOf = ({ kind, about, lastDealOn, partnerSince }: Warning, { health }: Rules): Words => {
  const rules = health.warnings ?? defaultWarnings;
  switch (kind) {
    case 'no_deal': {
      const since = lastDealOn ? ` The last one was on ${lastDealOn}.` : '';
      const began = partnerSince ? ` It has been a partner since ${partnerSince}.` : '';
      return {
        text: `No deal for ${about} months or more.${since}${began}`,
        action:
          Number(about) > Math.min(...rules.noDealMonths)
            ? 'Meet the partner: agree on a 90-day plan, or on ending the partnership.'
            : 'Call the partner: go through its customers together and agree on one deal to register.',
      };
    }
    case 'far_below_target':
      return {
        text: `${words(about)}: less than ${rules.farBelowTargetPercent} % of the target.`,
        action: advice[about] ?? 'Agree with the partner on what would help, and on who does it.',
      };
    case 'unused_funds':
      return {
        text: `Market development funds stood open for ${about} quarters, and nothing was asked for.`,
        action: 'Suggest one activity, fill in the fund request together, and send it.',
      };
  }
};

/** What a warning of a quarter asks somebody to do. */
export const taskOf = (warning: Warning, quarter: Quarter, program: Rules): WarningTask => {
  const { openDays } = program.health.warnings ?? defaultWarnings;
  const until = addDays(lastDayOf(quarter, program.fiscalYearStart), openDays);
  return { kind: warning.kind, ...wordsOf(warning, program), until };
};
