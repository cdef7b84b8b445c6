import type { Language } from '#shared/core/languages.ts';
import type { EarningKind } from '#shared/earnings/earning.ts';
import type { PostingReason } from './partner-postings.ts';
import type { CarryReason, PayoutStatus } from './payout.ts';

/** Every word of a statement that is not a figure, a name or an explanation. */
interface StatementWords {
  readonly statement: string;
  readonly of: (from: string, to: string) => string;
  readonly asOf: string;
  readonly opening: string;
  readonly closing: string;
  readonly moved: string;
  readonly nothingMoved: string;
  readonly held: string;
  readonly until: string;
  readonly waits: string;
  readonly payout: string;
  readonly brought: (period: string) => string;
  readonly own: string;
  readonly paidWith: (period: string) => string;
  readonly due: string;
  readonly carried: (period: string) => string;
  readonly elsewhere: string;
  readonly left: string;
  readonly paidTo: (lastFour: string) => string;
  readonly reference: string;
  readonly day: string;
  readonly what: string;
  readonly amount: string;
  readonly currency: string;
  readonly section: string;
  readonly id: string;
  readonly deal: string;
  readonly claim: string;
  readonly rep: (name: string) => string;
  readonly reasons: Readonly<Record<PostingReason, string>>;
  readonly kinds: Readonly<Record<EarningKind, string>>;
  readonly statuses: Readonly<Record<PayoutStatus, string>>;
  readonly carryReasons: Readonly<Record<CarryReason, string>>;
}

const english: StatementWords = {
  statement: 'Statement',
  of: (from, to) => (from === to ? `of ${from}` : `from ${from} to ${to}`),
  asOf: 'As of',
  opening: 'Opening balance',
  closing: 'Closing balance',
  moved: 'What moved your balance',
  nothingMoved: 'Nothing moved your balance in these days.',
  held: 'On hold',
  until: 'On hold until',
  waits: 'until your dispute is answered',
  payout: 'Payout of this statement',
  brought: (period) => `Brought forward from ${period}`,
  own: 'Earned and taken back on this statement',
  paidWith: (period) => `Paid with the statement of ${period}.`,
  due: 'Due in all',
  carried: (period) => `Carried over to ${period}`,
  elsewhere: 'Of it from other days',
  left: 'Still to be paid',
  paidTo: (lastFour) => `to the account ending in ${lastFour}`,
  reference: 'Reference',
  day: 'Day',
  what: 'What',
  amount: 'Amount',
  currency: 'Currency',
  section: 'Section',
  id: 'Id',
  deal: 'Deal',
  claim: 'Claim',
  rep: (name) => `For ${name}.`,
  reasons: {
    earned: 'Earned',
    taken_back: 'Taken back',
    reversed: 'Reversed',
    disputed: 'Held because you dispute it',
    dispute_ended: 'Dispute answered',
    paid: 'Paid to you',
    returned: 'Came back from the bank',
  },
  kinds: {
    commission: 'Commission',
    'margin-rebate': 'Margin rebate',
    rebate: 'Rebate',
    bonus: 'Bonus',
    spiff: 'SPIFF',
    'mdf-reimbursement': 'MDF reimbursement',
    'rev-share': 'Revenue share',
    clawback: 'Clawback',
  },
  statuses: {
    open: 'Open',
    pending: 'In a payout run',
    sent: 'Sent to the bank',
    paid: 'Paid',
    failed: 'Failed',
    unknown: 'Not confirmed by the bank',
    carried: 'Carried over',
  },
  carryReasons: {
    below_minimum: 'It is less than the smallest amount that is paid.',
    payee_missing: 'We do not know yet where to pay you.',
    payee_changed: 'Your payment details were changed shortly before.',
    tax_form_missing: 'A tax form is missing.',
    negative_balance: 'More was taken back than was due.',
    clawbacks_limited: 'Of what was taken back, at most half of a payout is kept at once.',
    nothing_due: 'Nothing was due.',
    merged: 'It is paid together with a later statement.',
    failed: 'The payout failed.',
  },
};

const german: StatementWords = {
  statement: 'Abrechnung',
  of: (from, to) => (from === to ? `vom ${from}` : `vom ${from} bis ${to}`),
  asOf: 'Stand',
  opening: 'Anfangssaldo',
  closing: 'Endsaldo',
  moved: 'Bewegungen Ihres Guthabens',
  nothingMoved: 'In diesen Tagen hat sich Ihr Guthaben nicht bewegt.',
  held: 'Noch nicht auszahlbar',
  until: 'Auszahlbar ab',
  waits: 'bis Ihre Beanstandung beantwortet ist',
  payout: 'Auszahlung dieser Abrechnung',
  brought: (period) => `Übertrag aus ${period}`,
  own: 'Verdient und zurückgenommen auf dieser Abrechnung',
  paidWith: (period) => `Ausgezahlt mit der Abrechnung ${period}.`,
  due: 'Insgesamt fällig',
  carried: (period) => `Übertrag auf ${period}`,
  elsewhere: 'Davon aus anderen Tagen',
  left: 'Noch auszuzahlen',
  paidTo: (lastFour) => `auf das Konto mit den Endziffern ${lastFour}`,
  reference: 'Referenz',
  day: 'Tag',
  what: 'Vorgang',
  amount: 'Betrag',
  currency: 'Währung',
  section: 'Abschnitt',
  id: 'Nummer',
  deal: 'Geschäft',
  claim: 'Antrag',
  rep: (name) => `Für ${name}.`,
  reasons: {
    earned: 'Verdient',
    taken_back: 'Zurückgenommen',
    reversed: 'Storniert',
    disputed: 'Zurückgestellt wegen Ihrer Beanstandung',
    dispute_ended: 'Beanstandung beantwortet',
    paid: 'An Sie ausgezahlt',
    returned: 'Von der Bank zurückgekommen',
  },
  kinds: {
    commission: 'Provision',
    'margin-rebate': 'Margenvergütung',
    rebate: 'Rückvergütung',
    bonus: 'Bonus',
    spiff: 'SPIFF',
    'mdf-reimbursement': 'MDF-Erstattung',
    'rev-share': 'Umsatzbeteiligung',
    clawback: 'Rückforderung',
  },
  statuses: {
    open: 'Offen',
    pending: 'Im Auszahlungslauf',
    sent: 'An die Bank gegeben',
    paid: 'Ausgezahlt',
    failed: 'Fehlgeschlagen',
    unknown: 'Von der Bank nicht bestätigt',
    carried: 'Übertragen',
  },
  carryReasons: {
    below_minimum: 'Der Betrag liegt unter der kleinsten Auszahlung.',
    payee_missing: 'Uns fehlt Ihre Bankverbindung.',
    payee_changed: 'Ihre Bankverbindung wurde kurz zuvor geändert.',
    tax_form_missing: 'Ein Steuerformular fehlt.',
    negative_balance: 'Es wurde mehr zurückgenommen, als fällig war.',
    clawbacks_limited: 'Von Rückforderungen wird höchstens die Hälfte einer Auszahlung auf einmal einbehalten.',
    nothing_due: 'Es war nichts fällig.',
    merged: 'Es wird mit einer späteren Abrechnung zusammen ausgezahlt.',
    failed: 'Die Auszahlung ist fehlgeschlagen.',
  },
};

export const statementWords: Readonly<Record<Language, StatementWords>> = { en: english, de: german };
