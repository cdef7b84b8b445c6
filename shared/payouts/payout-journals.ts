import type { Journal } from '#shared/core/journal.ts';
import { bank, journalOf, move, partnerAccount, payoutClearing } from '#shared/ledger/chart.ts';
import type { Payout } from './payout.ts';

type Step = 'send' | 'pay' | 'fail';

const journal = (
  payout: Payout,
  what: Step,
  about: { at: string; debit: string; credit: string },
): readonly Journal[] => {
  const { id, currency, amount } = payout;
  if (!amount) return [];
  const lines = move(amount.amountMinor, about.debit, about.credit);
  return [journalOf([id, what], { at: about.at, currency, lines })];
};

/** Money that somebody was told to pay is the partner's no longer. */
export const sendJournals = (payout: Payout, at: string): readonly Journal[] =>
  journal(payout, 'send', { at, debit: partnerAccount(payout.partnerId, 'payable'), credit: payoutClearing });

export const payJournals = (payout: Payout, at: string): readonly Journal[] =>
  journal(payout, 'pay', { at, debit: payoutClearing, credit: bank });

/** It came back, from wherever it had got to: what was never sent never left. */
export const failJournals = (before: Payout, at: string): readonly Journal[] =>
  before.status === 'pending'
    ? []
    : journal(before, 'fail', {
        at,
        debit: before.status === 'paid' ? bank : payoutClearing,
        credit: partnerAccount(before.partnerId, 'payable'),
      });
