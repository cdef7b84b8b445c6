import nacha from '@midlandsbank/node-nacha';
import { DomainError } from '#shared/core/errors.ts';
import { type BankOrder, mustFit, type Transfer, transfersIn } from './bank-order.ts';
import { bankText } from './bank-text.ts';

/**
 * ACH credits to companies (NACHA Operating Rules, appendix 3, CCD with one addenda record each): lines of 94 places in blocks of ten.
 * The package lays out the lines. It reads a clock for two fields of the header, which are set here instead, and it adds a block of
 * nines too many when the last block is full, which is cut off.
 */
const linesPerBlock = 10;
/** Ten digits. */
const mostCents = 9_999_999_999;
const placesOfId = 15;

const yymmdd = (at: string): string => at.slice(2, 10).replaceAll('-', '');
const hhmm = (at: string): string => at.slice(11, 16).replace(':', '');

const creditOf = ({ reference, amount, payee, secrets }: Transfer, trace: string, companyId: string) => ({
  name: bankText(payee.accountHolder, 22),
  account: {
    num: secrets.accountNumber ?? '',
    type: payee.accountType === 'savings' ? ('S' as const) : ('C' as const),
  },
  routing: secrets.routingNumber ?? '',
  amount: amount.amountMinor,
  // The id is longer than its place, so it is told whole in the addenda: X12's reassociation trace number.
  identificationNumber: reference.slice(-placesOfId),
  traceNumber: trace,
  addenda: `TRN*1*${reference}*${companyId}\\`,
});

/** Throws `payout_run.nothing_in_file`, `payout.amount_too_large`. */
export const writeNacha = (order: BankOrder): string => {
  const transfers = transfersIn('nacha', order);
  const { us, name } = order.payer;
  if (transfers.length === 0 || !us) {
    throw new DomainError('rule', 'payout_run.nothing_in_file', 'The run asks for no payment in this format.');
  }
  for (const transfer of transfers) mustFit(transfer, mostCents);
  const file = nacha.create({
    from: { name: bankText(name, 23), fein: us.companyId },
    for: { name: bankText(us.bankName, 23), routing: us.routingNumber },
    referenceCode: order.runId.slice(-8),
  });
  file.object.file.creationDate = yymmdd(order.createdAt);
  file.object.file.creationTime = hhmm(order.createdAt);
  const ourBank = us.routingNumber.slice(0, 8);
  const batch = file.ccd({
    companyName: bankText(name, 16),
    companyId: us.companyId,
    originatingDFIIdentification: ourBank,
    effectiveDate: yymmdd(order.createdAt),
    description: 'PAYOUT',
    date: yymmdd(order.createdAt),
  });
  const filled = transfers.reduce(
    (entries, transfer, index) =>
      entries.credit(creditOf(transfer, `${ourBank}${String(index + 1).padStart(7, '0')}`, us.companyId)),
    // The library gives the same object back from every call; a batch is one that entries can be added to.
    batch,
  );
  const lines = nacha.from(filled).to('ach').split('\n');
  return `${lines.slice(0, file.object.file.footer.blockCount * linesPerBlock).join('\n')}\n`;
};
