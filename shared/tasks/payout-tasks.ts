import { formatMoney } from '#shared/core/money.ts';
import { netOf, type Payout, partsOf, type Statement } from '#shared/payouts/payout.ts';
import { canPay } from '#shared/payouts/provider.ts';
import { paidInYearOf, taxFormsLacking, taxYearOf } from '#shared/payouts/tax-form.ts';
import { eitherForm } from '#shared/program/guide-tax-forms.ts';
import type { Finding, PartnerRecords } from './task.ts';

/** What is due and not yet in a run, of all currencies that the program has: one; minor units. */
const openDue = ({ statements, program }: PartnerRecords): number =>
  statements
    .filter(({ payout }) => payout.status === 'open' && payout.currency === program.currency)
    .reduce((sum, { balances }) => sum + netOf(partsOf(balances)), 0);

/** Partners are asked from their first day on; whose partnership has ended, as long as something is due. */
const isAsked = (records: PartnerRecords): boolean =>
  records.partner.status === 'active' ||
  (['suspended', 'terminated'].includes(records.partner.status) && openDue(records) > 0);

/** Where to pay is not known, or is no place that the program's provider can pay to. */
export const payeeMissing: Finding = (records) => {
  const { partner, payee, program } = records;
  if (!isAsked(records)) return [];
  const subject = { type: 'partner', id: partner.id } as const;
  const kind = 'payee_missing' as const;
  if (!payee) return [{ kind, text: 'Tell us where to pay you: until then nothing can be paid.', subject }];
  if (canPay(program.payouts.provider ?? 'bank-file', payee.kind)) return [];
  const text = `Tell us another account: the one that ends in ${payee.lastFour} cannot be paid to any more.`;
  return [{ kind, text, subject }];
};

/** From the payout on with which the year's threshold is reached. */
export const taxFormNeeded: Finding = (records) => {
  const { partner, payee, statements, program, now } = records;
  if (!payee) return [];
  const due = Math.max(openDue(records), 0);
  const paid = paidInYearOf(now, statements, program.timeZone) + due;
  const forms = taxFormsLacking(payee, program.payouts, {
    taxYear: taxYearOf(now, program.timeZone),
    paid: { amountMinor: paid, currency: program.currency },
  });
  if (forms.length === 0) return [];
  const waits = due > 0 ? ` ${formatMoney({ amountMinor: due, currency: program.currency })} wait for it.` : '';
  const text = `Send a tax form (${eitherForm(forms)}) with your payment details.${waits}`;
  return [{ kind: 'tax_form_needed', text, subject: { type: 'partner', id: partner.id } }];
};

/** Where the money of a failed payout stands now. */
const nextOf = ({ carriedOut = [], currency }: Payout, statements: readonly Statement[]): Payout | undefined => {
  const to = carriedOut.at(-1)?.to;
  return statements.find(({ payout }) => payout.period === to && payout.currency === currency)?.payout;
};

const isStillOwed = (payout: Payout, statements: readonly Statement[]): boolean => {
  const next = nextOf(payout, statements);
  if (next?.status === 'carried') return isStillOwed(next, statements);
  return next === undefined || next.status === 'open';
};

/** Until it is paid with a later statement, or other details have been told since; what fails again is told of anew. */
export const payoutFailed: Finding = ({ statements, payee }) =>
  statements
    .map(({ payout }) => payout)
    .filter(({ status, endedAt = '' }) => status === 'failed' && !(payee && payee.changedAt > endedAt))
    .filter((payout) => isStillOwed(payout, statements))
    .map(({ id, amount, period, reason }) => {
      const what = `We could not pay you ${amount ? formatMoney(amount) : 'the payout'} of ${period}`;
      const text = `${what}${reason ? `: ${reason}` : '.'} Look whether your payment details are right; it is paid with your next statement.`;
      return { kind: 'payout_failed', text, subject: { type: 'payout', id } };
    });
