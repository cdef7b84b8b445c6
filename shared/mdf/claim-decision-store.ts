import type { Intent, StoredEvent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import type { Money } from '#shared/core/money.ts';
import { claimAll, releaseAll } from '#shared/documents/claim-store.ts';
import { clawbackOf } from '#shared/earnings/clawbacks.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { bookEarning, changeEarning, readEarnings } from '#shared/earnings/earning-store.ts';
import { reimbursementEarning } from '#shared/earnings/reimbursement.ts';
import { budgetAccount, journalOf, move } from '#shared/ledger/chart.ts';
import { joinStatementWrites } from '#shared/payouts/statement-store.ts';
import { commitChange, type NextState, type Saved } from '#shared/platform/history-store.ts';
import type { Write } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { budgetIdOf } from './allocate-budget.ts';
import { giveBack } from './budget-store.ts';
import { type Claim, holdingsOf, refusedOf } from './claim.ts';
import { changeClaim, moved } from './claim-store.ts';
import { settleWithRequest, takeBackFromRequest } from './request-claim-store.ts';

/**
 * What decisions about a claim do: every one is a transaction of the claim, the balances of its request, and what the partner earns.
 *
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | what a claim has earned | table | pk = partner id, sk = `earning#<decided>#<earning id>` |
 */
export interface Decided {
  readonly events: readonly StoredEvent[];
  readonly writes: readonly Write[];
}

/**
 * Nothing more of the claim is paid: what it asked for is reserved again. What it held may stand in another claim, unless something
 * was approved of it.
 */
export const letGo = (
  before: Claim,
  after: Claim,
  about: { readonly type: string; readonly intent: Intent },
): NextState<Claim> => {
  const { intent } = about;
  const { amountMinor } = refusedOf(before);
  const journals = moved(before, amountMinor, { to: 'reserved', from: 'in-review', at: intent.at });
  const change = changeClaim(before, after, { ...about, journals });
  const settled = settleWithRequest(after, { reservedLeft: amountMinor, inReview: -amountMinor }, intent.at);
  const released = before.approvedAmount ? [] : releaseAll(holdingsOf(before), before.id);
  return { ...change, writes: [...change.writes, settled, ...released] };
};

/** A claim that was disputed earns a second time, under a name of its own. */
const earningIdOf = (claimId: string, isDispute: boolean): string =>
  derivedId('ern', claimId, 'mdf-reimbursement', ...(isDispute ? ['dispute'] : []));

const earningOf = (
  claim: Claim,
  approved: Money,
  about: { readonly at: string; readonly program: Program },
): Earning => {
  const { id: claimId, requestId, activityType, partnerId, programVersion } = claim;
  const earning = reimbursementEarning(
    { claimId, requestId, activityType, partnerId, programVersion, approved },
    about,
  );
  const decided = claim.decidedBy ? { decidedBy: claim.decidedBy } : {};
  return { ...earning, ...decided, id: earningIdOf(claimId, claim.disputedAt !== undefined) };
};

/**
 * What is approved now is reimbursed, what is not is reserved again, and the partner earns what is approved, all in the decision's own
 * transaction.
 */
export const reimburse = (
  before: Claim,
  after: Claim,
  about: { readonly intent: Intent; readonly program: Program; readonly approved: Money },
): Decided => {
  const { intent, program } = about;
  const asked = refusedOf(before).amountMinor;
  const approved = about.approved.amountMinor;
  const { at } = intent;
  const change = changeClaim(before, after, {
    type: `mdf_claim.${after.status}`,
    intent,
    journals: [
      ...moved(before, approved, { to: 'reimbursed', from: 'in-review', at }),
      ...moved(before, asked - approved, { to: 'reserved', from: 'in-review', at }),
    ],
  });
  const earning = bookEarning(earningOf(after, about.approved, { at, program }), intent);
  const balances = { reservedLeft: asked - approved, inReview: -asked, reimbursed: approved };
  return {
    events: [change.event, earning.event],
    writes: [...change.writes, settleWithRequest(after, balances, at), ...earning.writes],
  };
};

/**
 * Disputes a decision: what was refused goes to review again, out of what is still reserved for that. Throws `mdf.budget_exceeded`,
 * `mdf.document_already_claimed`, `mdf.invoice_already_claimed` when it was used elsewhere since.
 */
export const saveDispute = (before: Claim, after: Claim, intent: Intent): Promise<Saved<Claim>> => {
  const { amountMinor } = refusedOf(before);
  const journals = moved(before, amountMinor, { to: 'in-review', from: 'reserved', at: intent.at });
  const change = changeClaim(before, after, { type: 'mdf_claim.disputed', intent, journals });
  const settled = settleWithRequest(after, { reservedLeft: -amountMinor, inReview: amountMinor }, intent.at);
  const taken = before.approvedAmount ? [] : claimAll(holdingsOf(before), before.id, before.partnerId);
  return commitChange(before, { ...change, writes: [...change.writes, settled, ...taken] });
};

const findEarnings = async ({ id, partnerId, decidedAt = '', disputeAnsweredAt = '' }: Claim): Promise<Earning[]> => {
  const found = await readEarnings([
    { id: earningIdOf(id, false), partnerId, createdAt: decidedAt },
    { id: earningIdOf(id, true), partnerId, createdAt: disputeAnsweredAt },
  ]);
  return found.filter((earning) => earning !== undefined);
};

/** On hold it is reversed; afterwards a negative earning takes it back, whether it was paid or not. */
const takenBack = (
  earning: Earning,
  { clawedBackForFraud: forFraud }: Claim,
  about: { readonly intent: Intent; readonly program: Program },
) => {
  const { intent, program } = about;
  const { at } = intent;
  if (earning.status === 'on_hold' && at < (earning.holdUntil ?? '')) {
    return changeEarning(earning, { ...earning, status: 'reversed' }, intent);
  }
  const { amount } = earning;
  const back = clawbackOf(earning, { amount, at, refundedMinor: amount.amountMinor, number: 1, forFraud }, program);
  return bookEarning(back.earning, intent);
};

/**
 * Takes back what was paid for a claim that was found false. The budget does not get it again: it has expired. Throws
 * `version.stale`.
 */
export const saveClawback = async (
  before: Claim,
  after: Claim,
  about: { readonly intent: Intent; readonly program: Program },
): Promise<Saved<Claim>> => {
  const { intent } = about;
  const { partnerId, quarter, approvedAmount } = before;
  if (!approvedAmount) throw new Error('Nothing was approved, so nothing can be taken back.');
  const { amountMinor, currency } = approvedAmount;
  const account = (state: 'expired' | 'reimbursed') => budgetAccount(partnerId, quarter, state);
  const lines = move(amountMinor, account('expired'), account('reimbursed'));
  const journals = [journalOf(['mdf-clawback', before.id], { at: intent.at, currency, lines })];
  const change = changeClaim(before, after, { type: 'mdf_claim.clawed_back', intent, journals });
  const earnings = (await findEarnings(before)).map((earning) => takenBack(earning, after, about));
  const writes = [
    ...change.writes,
    takeBackFromRequest(before, amountMinor),
    giveBack(budgetIdOf(partnerId, quarter), amountMinor, 'expired'),
    ...joinStatementWrites(earnings.flatMap((earning) => earning.writes)),
  ];
  return commitChange(
    before,
    { ...change, writes },
    earnings.map(({ event }) => event),
  );
};
