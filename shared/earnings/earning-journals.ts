import type { Journal } from '#shared/core/journal.ts';
import { expenseAccount, journalOf, move, partnerAccount, revenueShareAccount } from '#shared/ledger/chart.ts';
import type { Earning } from './earning.ts';

/** Clawbacks lower the expense of what they take back; what partners owe us is no expense. */
const expenseOf = ({ kind, reversesKind, direction }: Earning): string =>
  direction === 'to-us' ? revenueShareAccount : expenseAccount(reversesKind ?? kind);

/** What is paid when: journals of an amount that is owed from `at` on and payable from its `holdUntil` on. */
const owed = (
  earning: Earning,
  amountMinor: number,
  about: { readonly what: string; readonly at: string },
): Journal[] => {
  const { id, partnerId, holdUntil } = earning;
  const { currency } = earning.amount;
  const { what, at } = about;
  const [expense, onHold, payable] = [
    expenseOf(earning),
    partnerAccount(partnerId, 'on-hold'),
    partnerAccount(partnerId, 'payable'),
  ];
  if (amountMinor === 0) return [];
  if (holdUntil === undefined || holdUntil <= at) {
    return [journalOf([id, what], { at, currency, lines: move(amountMinor, expense, payable) })];
  }
  return [
    journalOf([id, what], { at, currency, lines: move(amountMinor, expense, onHold) }),
    journalOf([id, what, 'release'], { at: holdUntil, currency, lines: move(amountMinor, onHold, payable) }),
  ];
};

/**
 * The journals of an earning that begins to be owed at this instant: on hold now, and payable from the end of its hold on. The
 * second carries that later date, so the end of a hold needs no write.
 */
export const accrualJournals = (earning: Earning, at: string): readonly Journal[] =>
  owed(earning, earning.amount.amountMinor, { what: 'accrual', at });

/** Mirrors them for an earning that is reversed while it is on hold, with the same later date; a disputed one has none. */
export const reversalJournals = (earning: Earning, at: string): readonly Journal[] => {
  const { id, partnerId, amount, disputed, holdUntil } = earning;
  if (!disputed?.heldUntil || holdUntil !== undefined)
    return owed(earning, -amount.amountMinor, { what: 'reversal', at });
  const lines = move(-amount.amountMinor, expenseOf(earning), partnerAccount(partnerId, 'on-hold'));
  return [journalOf([id, 'reversal'], { at, currency: amount.currency, lines })];
};

/** A line in dispute is on hold: from now on if it was payable, else from when it would have been. */
export const disputeJournals = ({ id, partnerId, amount, disputed }: Earning): readonly Journal[] => {
  if (!disputed?.heldUntil) return [];
  const at = disputed.heldUntil > disputed.at ? disputed.heldUntil : disputed.at;
  const lines = move(amount.amountMinor, partnerAccount(partnerId, 'payable'), partnerAccount(partnerId, 'on-hold'));
  return [journalOf([id, 'dispute'], { at, currency: amount.currency, lines })];
};

/** It is payable again from the answer on, or from the end of its hold. */
export const disputeEndJournals = ({ id, partnerId, amount, disputed, holdUntil }: Earning): readonly Journal[] => {
  if (!disputed?.heldUntil || holdUntil === undefined) return [];
  const lines = move(amount.amountMinor, partnerAccount(partnerId, 'on-hold'), partnerAccount(partnerId, 'payable'));
  return [journalOf([id, 'dispute', 'end'], { at: holdUntil, currency: amount.currency, lines })];
};
