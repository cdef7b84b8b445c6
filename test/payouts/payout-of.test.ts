import { expect, test } from 'vitest';
import { Balances, netOf, partsOf } from '#shared/payouts/payout.ts';
import { type PayoutTerms, payoutOf } from '#shared/payouts/payout-of.ts';
import { aStatement } from './a-statement.ts';

const terms: PayoutTerms = {
  minimumMinor: 5_000,
  payableFrom: '2026-01-01T00:00:00.000Z',
  lacksTaxForm: () => false,
  now: '2026-08-05T09:00:00.000Z',
};

interface Case {
  readonly balances: Partial<Balances>;
  readonly terms?: Partial<PayoutTerms>;
  readonly since?: string;
  readonly pays: number;
  readonly reasons?: readonly string[];
  /** `earned taken-back for-fraud`. */
  readonly carries?: string;
}

const cases: Readonly<Record<string, Case>> = {
  'earnings only: all is paid': { balances: { earned: 12_000 }, pays: 12_000 },
  'exactly the minimum is paid': { balances: { earned: 5_000 }, pays: 5_000 },
  'a cent less is carried': { balances: { earned: 4_999 }, pays: 0, reasons: ['below_minimum'], carries: '4999 0 0' },
  'a clawback below half comes off': { balances: { earned: 12_000, takenBack: 5_000 }, pays: 7_000 },
  'exactly half comes off': { balances: { earned: 12_000, takenBack: 6_000 }, pays: 6_000 },
  'more than half waits': {
    balances: { earned: 12_000, takenBack: 6_001 },
    pays: 6_000,
    reasons: ['clawbacks_limited'],
    carries: '0 1 0',
  },
  'an odd cent is the partner’s': {
    balances: { earned: 12_001, takenBack: 99_999 },
    pays: 6_001,
    reasons: ['clawbacks_limited'],
    carries: '0 93999 0',
  },
  'fraud takes all of it': { balances: { earned: 12_000, takenBackForFraud: 7_000 }, pays: 5_000 },
  'fraud first, then half of what is left': {
    balances: { earned: 30_000, takenBack: 15_000, takenBackForFraud: 10_000 },
    pays: 10_000,
    reasons: ['clawbacks_limited'],
    carries: '0 5000 0',
  },
  'fraud beyond what there is leaves a negative balance': {
    balances: { earned: 12_000, takenBack: 300, takenBackForFraud: 20_000 },
    pays: 0,
    reasons: ['negative_balance'],
    carries: '0 300 8000',
  },
  'nothing but clawbacks is carried, never paid': {
    balances: { takenBack: 700 },
    pays: 0,
    reasons: ['negative_balance'],
    carries: '0 700 0',
  },
  'fraud of exactly all there is leaves nothing': {
    balances: { earned: 700, takenBackForFraud: 700 },
    pays: 0,
    reasons: ['nothing_due'],
  },
  'nothing at all': { balances: {}, pays: 0, reasons: ['nothing_due'] },
  'what was brought forward counts': { balances: { earned: 3_000, broughtForward: 2_500 }, pays: 5_500 },
  'what was brought forward to be taken back counts as such': {
    balances: { earned: 12_000, broughtForward: -9_000, broughtTakenBack: 9_000 },
    pays: 6_000,
    reasons: ['clawbacks_limited'],
    carries: '0 3000 0',
  },
  'both kinds brought forward': {
    balances: { broughtForward: 1_000, broughtTakenBack: 8_000, broughtForFraud: 3_000, earned: 10_000 },
    pays: 11_000,
  },
  'too little for eleven months is carried': {
    balances: { broughtForward: 900, earned: 100 },
    since: '2025-08',
    pays: 0,
    reasons: ['below_minimum'],
    carries: '1000 0 0',
  },
  'too little for twelve months is paid': {
    balances: { broughtForward: 900, earned: 100 },
    since: '2025-07',
    pays: 1_000,
  },
  'no payee': {
    balances: { earned: 12_000 },
    terms: { payableFrom: undefined },
    pays: 0,
    reasons: ['payee_missing'],
    carries: '12000 0 0',
  },
  'a payee that may be used a moment later': {
    balances: { earned: 12_000 },
    terms: { payableFrom: '2026-08-05T09:00:00.001Z' },
    pays: 0,
    reasons: ['payee_changed'],
    carries: '12000 0 0',
  },
  'a payee that may be used from this moment on': {
    balances: { earned: 12_000 },
    terms: { payableFrom: '2026-08-05T09:00:00.000Z' },
    pays: 12_000,
  },
  'no tax form for so much': {
    balances: { earned: 12_000, takenBack: 2_000 },
    terms: { lacksTaxForm: (payMinor) => payMinor > 9_999 },
    pays: 0,
    reasons: ['tax_form_missing'],
    carries: '12000 2000 0',
  },
  'no tax form needed for less': {
    balances: { earned: 12_000, takenBack: 2_001 },
    terms: { lacksTaxForm: (payMinor) => payMinor > 9_999 },
    pays: 9_999,
  },
  'too little without a payee is too little': {
    balances: { earned: 100 },
    terms: { payableFrom: undefined },
    pays: 0,
    reasons: ['below_minimum'],
    carries: '100 0 0',
  },
  'forced without a payee is not paid': {
    balances: { earned: 100 },
    since: '2024-07',
    terms: { payableFrom: undefined },
    pays: 0,
    reasons: ['payee_missing'],
    carries: '100 0 0',
  },
};

test.each(Object.entries(cases))(
  '%s',
  (_, { balances, terms: other, since, pays, reasons = [], carries = '0 0 0' }) => {
    const verdict = payoutOf(aStatement(balances, since ? { since } : {}), { ...terms, ...other });
    const { earned, takenBack, takenBackForFraud } = verdict.carry;
    expect([verdict.payMinor, verdict.reasons, `${earned} ${takenBack} ${takenBackForFraud}`]).toEqual([
      pays,
      reasons,
      carries,
    ]);
  },
);

test.each(Object.entries(cases))(
  '%s: what is paid and what is carried are all that is due',
  (_, { balances, terms: other, since }) => {
    const { payMinor, carry } = payoutOf(aStatement(balances, since ? { since } : {}), { ...terms, ...other });
    expect(payMinor + netOf(carry)).toBe(netOf(partsOf(Balances.parse(balances))));
  },
);
