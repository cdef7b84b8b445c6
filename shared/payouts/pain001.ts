import { XMLBuilder } from 'fast-xml-parser';
import { DomainError } from '#shared/core/errors.ts';
import { decimalOf } from '#shared/core/money.ts';
import { type BankOrder, blockIdOf, isSepa, mustFit, type Transfer, transfersIn } from './bank-order.ts';
import { bankText } from './bank-text.ts';

/**
 * Customer credit transfer initiation, ISO 20022 pain.001.001.09, as the European Payments Council (EPC132-08, 2023) and the Common
 * Global Implementation use it: structured addresses, town and country always told.
 */
const namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

type Xml = { readonly [name: string]: Xml | readonly Xml[] | string | undefined };

/** The letters of names are also those of references in the scheme; elsewhere ids are told as they are. */
const referenceIn = (scheme: Scheme, id: string): string => (scheme.sepa ? bankText(id, 35) : id.slice(0, 35));

interface Scheme {
  readonly sepa: boolean;
  readonly service: string;
  readonly charges: string;
  readonly namePlaces: number;
}

const sepa: Scheme = { sepa: true, service: 'SEPA', charges: 'SLEV', namePlaces: 70 };
const elsewhere: Scheme = { sepa: false, service: 'NURG', charges: 'SHAR', namePlaces: 140 };

/** EPC: 999,999,999.99 in the scheme; elsewhere as many digits as can be kept exactly. */
const most = ({ sepa }: Scheme): number => (sepa ? 99_999_999_999 : Number.MAX_SAFE_INTEGER);

interface PlainAddress {
  readonly streetAddress: string;
  readonly city: string;
  readonly postalCode: string;
  readonly stateOrRegion?: string | undefined;
  readonly countryCode: string;
}

/** In the order of the schema. */
const addressOf = (address: PlainAddress): Xml => ({
  StrtNm: bankText(address.streetAddress, 70),
  PstCd: bankText(address.postalCode, 16),
  TwnNm: bankText(address.city, 35),
  ...(address.stateOrRegion ? { CtrySubDvsn: bankText(address.stateOrRegion, 35) } : {}),
  Ctry: address.countryCode,
});

const byBic = (bic: string | undefined): Xml =>
  bic ? { FinInstnId: { BICFI: bic } } : { FinInstnId: { Othr: { Id: 'NOTPROVIDED' } } };

/** An American bank is named by its routing number. */
const byRouting = (routingNumber: string): Xml => ({
  FinInstnId: { ClrSysMmbId: { ClrSysId: { Cd: 'USABA' }, MmbId: routingNumber } },
});

const iban = (number: string): Xml => ({ Id: { IBAN: number } });
const otherAccount = (number: string): Xml => ({ Id: { Othr: { Id: number } } });

const debtorOf = ({ payer, currency }: BankOrder): Xml => {
  const party = { Nm: bankText(payer.name, 70), PstlAdr: addressOf(payer.address) };
  if (payer.iban !== undefined) {
    return { Dbtr: party, DbtrAcct: { ...iban(payer.iban), Ccy: currency }, DbtrAgt: byBic(payer.bic) };
  }
  if (!payer.us) throw new Error('A program with a payer that has no account was published.');
  const account = { ...otherAccount(payer.us.accountNumber), Ccy: currency };
  return { Dbtr: party, DbtrAcct: account, DbtrAgt: byRouting(payer.us.routingNumber) };
};

const creditorOf = ({ payee, secrets }: Transfer, scheme: Scheme): Xml => {
  const party = { Nm: bankText(payee.accountHolder, scheme.namePlaces), PstlAdr: addressOf(payee.address) };
  if (payee.kind === 'iban') {
    const agent = payee.bic ? { CdtrAgt: byBic(payee.bic) } : {};
    return { ...agent, Cdtr: party, CdtrAcct: iban(secrets.iban ?? '') };
  }
  const kind = { Tp: { Cd: payee.accountType === 'savings' ? 'SVGS' : 'CACC' } };
  const account = { ...otherAccount(secrets.accountNumber ?? ''), ...kind };
  return { CdtrAgt: byRouting(secrets.routingNumber ?? ''), Cdtr: party, CdtrAcct: account };
};

const transactionOf = (transfer: Transfer, order: BankOrder, scheme: Scheme): Xml => {
  mustFit(transfer, most(scheme));
  const { amountMinor, currency } = transfer.amount;
  const reference = referenceIn(scheme, transfer.reference);
  return {
    PmtId: { InstrId: reference, EndToEndId: reference },
    Amt: { InstdAmt: { '@Ccy': currency, '#text': decimalOf({ amountMinor, currency }) } },
    ...creditorOf(transfer, scheme),
    RmtInf: { Ustrd: bankText(`Partner payout ${order.period} ${transfer.reference}`, 140) },
  };
};

const totalsOf = (transfers: readonly Transfer[], currency: string): Xml => {
  const sum = transfers.reduce((total, { amount }) => total + amount.amountMinor, 0);
  return { NbOfTxs: String(transfers.length), CtrlSum: decimalOf({ amountMinor: sum, currency }) };
};

const blockOf = (transfers: readonly Transfer[], order: BankOrder, scheme: Scheme): Xml => ({
  PmtInfId: referenceIn(scheme, blockIdOf(order.runId, scheme.sepa ? 'S' : 'N')),
  PmtMtd: 'TRF',
  BtchBookg: 'false',
  ...totalsOf(transfers, order.currency),
  PmtTpInf: { SvcLvl: { Cd: scheme.service } },
  ReqdExctnDt: { Dt: order.createdAt.slice(0, 10) },
  ...debtorOf(order),
  ChrgBr: scheme.charges,
  CdtTrfTxInf: transfers.map((transfer) => transactionOf(transfer, order, scheme)),
});

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  indentBy: '  ',
  suppressEmptyNode: true,
});

/** Whole seconds: some banks refuse fractions. */
const second = (at: string): string => `${at.slice(0, 19)}Z`;

/**
 * The file for every payment of a run that pain.001 asks for. Payments of the SEPA scheme and others stand in blocks of their own.
 * Throws `payout_run.nothing_in_file`, `payout.amount_too_large`.
 */
export const writePain001 = (order: BankOrder): string => {
  const transfers = transfersIn('pain.001', order);
  if (transfers.length === 0) {
    throw new DomainError('rule', 'payout_run.nothing_in_file', 'The run asks for no payment in this format.');
  }
  const inScheme = transfers.filter((transfer) => isSepa(transfer, order));
  const others = transfers.filter((transfer) => !isSepa(transfer, order));
  const header: Xml = {
    MsgId: referenceIn(inScheme.length > 0 ? sepa : elsewhere, order.runId),
    CreDtTm: second(order.createdAt),
    ...totalsOf(transfers, order.currency),
    InitgPty: { Nm: bankText(order.payer.name, 70) },
  };
  const blocks = [
    ...(inScheme.length > 0 ? [blockOf(inScheme, order, sepa)] : []),
    ...(others.length > 0 ? [blockOf(others, order, elsewhere)] : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({
    Document: { '@xmlns': namespace, CstmrCdtTrfInitn: { GrpHdr: header, PmtInf: blocks } },
  })}`;
};
