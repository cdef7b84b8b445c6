import type { CarryReason, Parts, Payout, Statement } from './payout.ts';
import { isNothing, nothing, partsOf } from './payout.ts';
import type { Verdict } from './payout-of.ts';

const begun = (payout: Payout, at: string): Payout => ({ ...payout, createdAt: payout.createdAt || at });

/** What a run took it for. */
export interface Taking {
  readonly runId: string;
  readonly payeeVersion: number;
  readonly provider: string;
}

/** Nothing accrues on it any more: what is due is what will be paid, if the run is approved. */
export const freezePayout = (
  { payout, balances }: Statement,
  verdict: Verdict,
  about: Taking & { now: string },
): Payout => {
  const { now, ...taking } = about;
  return {
    ...begun(payout, now),
    ...taking,
    status: 'pending',
    amount: { amountMinor: verdict.payMinor, currency: payout.currency },
    figures: balances,
    ...(isNothing(verdict.carry) ? {} : { rest: verdict.carry }),
  };
};

/** Nothing of it is paid, all of it goes to the statement `to`; what comes to nothing goes nowhere. */
export const carryPayout = (
  { payout, balances }: Statement,
  about: {
    readonly reasons: readonly CarryReason[];
    readonly carry: Parts;
    readonly to: string;
    readonly now: string;
    readonly runId?: string;
  },
): Payout => {
  const { reasons, carry, to, now, runId } = about;
  return {
    ...begun(payout, now),
    status: 'carried',
    figures: balances,
    ...(runId ? { runId } : {}),
    carriedOut: [
      ...(payout.carriedOut ?? []),
      { ...carry, ...(isNothing(carry) ? {} : { to }), reasons: [...reasons] },
    ],
    endedAt: now,
  };
};

/** The run was rejected: as if it had never been taken. */
export const releasePayout = (payout: Payout): Payout => {
  const { runId: _r, payeeVersion: _v, provider: _p, amount: _a, figures: _f, rest: _rest, ...open } = payout;
  return { ...open, status: 'open' };
};

/** What could not be taken back now is taken back from the next one. */
export const sendPayout = (
  payout: Payout,
  about: {
    readonly to: string;
    readonly now: string;
    readonly outcome: 'sent' | 'unknown';
    readonly reference?: string;
    /** Why nobody knows. */
    readonly reason?: string;
  },
): Payout => {
  const { rest, ...kept } = payout;
  return {
    ...kept,
    status: about.outcome,
    sentAt: about.now,
    ...(about.reference ? { reference: about.reference } : {}),
    ...(about.outcome === 'unknown' ? { needsAttention: about.reason ?? 'Nobody knows whether it was sent.' } : {}),
    ...(rest ? { carriedOut: [{ ...rest, to: about.to, reasons: ['clawbacks_limited'] as CarryReason[] }] } : {}),
  };
};

export const settlePayout = (payout: Payout, about: { readonly now: string; readonly reference?: string }): Payout => {
  const { proposal: _proposal, needsAttention: _attention, ...kept } = payout;
  return { ...kept, status: 'paid', endedAt: about.now, ...(about.reference ? { reference: about.reference } : {}) };
};

/**
 * What was sent is not known to have arrived any more; what has ended stays as it is until somebody has looked at it. Whoever has said
 * what became of it did not know this.
 */
export const markPayout = ({ proposal: _proposal, ...payout }: Payout, needsAttention: string): Payout => ({
  ...payout,
  ...(payout.status === 'sent' ? { status: 'unknown' as const } : {}),
  needsAttention,
});

/** Two people have looked at it, and it is as it stands. */
export const acceptPayout = ({ proposal: _proposal, needsAttention: _attention, ...payout }: Payout): Payout => payout;

/** All that was due goes to the next statement: what was to be paid, and what could not be taken back from it. */
export const failPayout = (
  statement: Statement,
  about: {
    readonly reason: string;
    readonly to: string;
    readonly now: string;
    /** Of what came back, where that was not known before. */
    readonly reference?: string | undefined;
    readonly byPeople?: boolean;
  },
): Payout => {
  const { proposal: _proposal, needsAttention, rest: _rest, ...kept } = statement.payout;
  const { amount, carriedOut = [] } = kept;
  // What was never sent took nothing back either.
  const parts =
    kept.status === 'pending' ? partsOf(statement.balances) : { ...nothing, earned: amount?.amountMinor ?? 0 };
  return {
    ...kept,
    // What does not fit to what was paid does not fit to what came back of it either.
    ...(needsAttention && kept.status === 'paid' && !about.byPeople ? { needsAttention } : {}),
    ...(about.reference ? { reference: about.reference } : {}),
    status: 'failed',
    reason: about.reason,
    endedAt: about.now,
    carriedOut: [...carriedOut, { ...parts, to: about.to, reasons: ['failed'] }],
  };
};
