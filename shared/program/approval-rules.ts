import type * as z from 'zod';
import { Amount, block, oneOf, some, whole } from '#shared/program/program-fields.ts';

const Role = oneOf(['partner_manager', 'finance', 'admin']);
const decisions = whole('people', { min: 1, max: 5 });

/** One step of an approval: so many different people of one role. "Above" is strictly greater. */
export const ApprovalStep = block({
  role: Role,
  decisions,
  /** The step is left out for amounts up to this one. */
  onlyAbove: Amount.optional(),
  /** Above this amount so many people are needed instead. */
  moreAbove: block({ amount: Amount, decisions }).optional(),
});
export type ApprovalStep = z.infer<typeof ApprovalStep>;

/** Who decides, when they are reminded, when it is due and who is told when it is late. */
export const ApprovalRule = block({
  steps: some(ApprovalStep),
  remindAfterBusinessDays: whole('business days', { max: 250 }),
  dueAfterBusinessDays: whole('business days', { min: 1, max: 250 }),
  escalateTo: Role,
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** Whatever a person decides (API.md *Names that others rely on*); every kind has its rule. */
export const ApprovalRules = block({
  partner_application: ApprovalRule,
  deal_registration: ApprovalRule,
  deal_close: ApprovalRule,
  deal_contest: ApprovalRule,
  attribution: ApprovalRule,
  mdf_request: ApprovalRule,
  mdf_claim: ApprovalRule,
  earning: ApprovalRule,
  payout_run: ApprovalRule,
});
export type ApprovalRules = z.infer<typeof ApprovalRules>;
export type ApprovalKind = keyof ApprovalRules;

/** These are about money, and whoever administers users may not decide about money (API.md *Callers*). */
export const moneyKinds: readonly ApprovalKind[] = ['mdf_request', 'mdf_claim', 'earning', 'payout_run'];
