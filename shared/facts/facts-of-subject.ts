import type { StoredEvent, Tracked } from '#shared/core/history.ts';
import type { Fact } from './fact.ts';
import { type FactRecord, factsOfReport } from './fact-report.ts';
import { factsOfApproval } from './facts-of-approval.ts';
import { factsOfDeal } from './facts-of-deal.ts';
import { factsOfEarning } from './facts-of-earning.ts';
import { factsOfAssessment, factsOfHealth } from './facts-of-health.ts';
import { factsOfBudget, factsOfClaim, factsOfRequest } from './facts-of-mdf.ts';
import { factsOfPartner } from './facts-of-partner.ts';
import type { Calendar, Step } from './step.ts';

interface Row {
  /** No fact comes of an event that changes none of these. */
  readonly looksAt: readonly string[];
  readonly factsOf: (step: Step<Tracked>, calendar: Calendar) => readonly Fact[];
}

const row = <Entity extends Tracked>(
  looksAt: readonly (keyof Entity & string)[],
  factsOf: (step: Step<Entity>, calendar: Calendar) => readonly Fact[],
): Row => ({
  looksAt,
  // The prefix of a subject tells what kind of thing it is, and its events hold every field of it.
  factsOf: (step, calendar) => factsOf(step as unknown as Step<Entity>, calendar),
});

/** Of whose events facts are made, by what their ids begin with. */
const rows: Readonly<Record<string, Row>> = {
  deal: row(['status', 'attributions', 'refunds'], factsOfDeal),
  ptr: row(
    ['status', 'tier', 'region', 'types', 'activeAt', 'firstDealApprovedAt', 'agreement', 'targets'],
    factsOfPartner,
  ),
  apr: row(['status'], factsOfApproval),
  bud: row(['allocations'], factsOfBudget),
  mdr: row(['status'], factsOfRequest),
  clm: row(['status', 'approvedAmount', 'clawedBackAt'], factsOfClaim),
  ern: row(['status'], factsOfEarning),
  fct: row<FactRecord>(['kind'], factsOfReport),
  hlt: row(['digest', 'runId'], factsOfHealth),
  asm: row(['ratings'], factsOfAssessment),
};

const rowOf = (subject: string): Row | undefined => rows[subject.slice(0, subject.indexOf('_'))];

/** Whether facts may come of its events. */
export const makesFacts = (subject: string): boolean => rowOf(subject) !== undefined;

/** Whether facts may come of an event; most come of none. */
export const matters = ({ subject, changes }: StoredEvent): boolean =>
  rowOf(subject)?.looksAt.some((name) => Object.hasOwn(changes, name)) ?? false;

/** What its facts say is in part personal, and so not in its events. */
export const needsRecord = (subject: string): boolean => subject.startsWith('clm_');

/** The facts of one step of a thing's history. */
export const factsOfStep = (step: Step<Tracked>, calendar: Calendar): readonly Fact[] =>
  matters(step.event) ? (rowOf(step.event.subject)?.factsOf(step, calendar) ?? []) : [];
