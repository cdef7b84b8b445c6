import type { Instant } from '#shared/core/time.ts';
import { addDays } from '#shared/core/time.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import type { Claim } from '#shared/mdf/claim.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import type { Partner } from '#shared/partners/partner.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import type { Statement } from '#shared/payouts/payout.ts';
import type { Program } from '#shared/program/program.ts';
import type { WarningTask } from '#shared/scorecards/warning-words.ts';
import type { MutualPlan } from '#shared/success-plans/mutual-plan.ts';

export const taskKinds = [
  'payee_missing',
  'payout_failed',
  'tax_form_needed',
  'application_returned',
  'deal_returned',
  'mdf_request_returned',
  'mdf_claim_returned',
  'dispute_answered',
  'plan_proposed',
  'early_warning',
  'unused_offer',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskSubjects = [
  'partner',
  'payout',
  'deal',
  'mdf_request',
  'mdf_claim',
  'earning',
  'success_plan',
  'program',
] as const;
export type TaskSubject = (typeof taskSubjects)[number];

/** Something that a partner is to do, or to look at. */
export interface Task {
  readonly kind: TaskKind;
  /** What it is about and what to do, in words. */
  readonly text: string;
  /** After it, it is too late. */
  readonly dueAt?: Instant;
  readonly subject: { readonly type: TaskSubject; readonly id: string };
}

/** What a partner's tasks are found in; nothing of it is stored for them. */
export interface PartnerRecords {
  readonly partner: Partner;
  readonly payee: Payee | undefined;
  readonly statements: readonly Statement[];
  /** Those that wait for the partner's answer. */
  readonly deals: readonly Deal[];
  readonly requests: readonly FundRequest[];
  readonly claims: readonly Claim[];
  /** Those of whose line a dispute was answered lately. */
  readonly answered: readonly Earning[];
  /** What the last quarter warns of, for those who look after the partner. */
  readonly warnings: readonly WarningTask[];
  /** Of the quarters around now. */
  readonly plans: readonly MutualPlan[];
  readonly program: Program;
  readonly now: Instant;
}

/** One way to find tasks. */
export type Finding = (records: PartnerRecords) => readonly Task[];

/** An answer stands in the list for so many days: by then the partner has seen it, or could dispute no more. */
const daysOfAnswers = 30;

/** Whether a dispute of this line was answered so lately that its partner should see it. */
export const isAnsweredLately = ({ disputed }: Pick<Earning, 'disputed'>, now: Instant): boolean =>
  disputed?.endedAt !== undefined && addDays(disputed.endedAt, daysOfAnswers) > now;
