import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What an element of pain.001.001.09 may hold, in this order; `+` is needed, `?` may be left out, `*` comes once or more. */
const schema: Readonly<Record<string, readonly string[]>> = {
  Document: ['CstmrCdtTrfInitn+'],
  CstmrCdtTrfInitn: ['GrpHdr+', 'PmtInf*'],
  GrpHdr: ['MsgId+', 'CreDtTm+', 'NbOfTxs+', 'CtrlSum?', 'InitgPty+'],
  InitgPty: ['Nm?', 'PstlAdr?'],
  PmtInf: [
    'PmtInfId+',
    'PmtMtd+',
    'BtchBookg?',
    'NbOfTxs?',
    'CtrlSum?',
    'PmtTpInf?',
    'ReqdExctnDt+',
    'Dbtr+',
    'DbtrAcct+',
    'DbtrAgt+',
    'ChrgBr?',
    'CdtTrfTxInf*',
  ],
  PmtTpInf: ['SvcLvl?'],
  ReqdExctnDt: ['Dt+'],
  Dbtr: ['Nm?', 'PstlAdr?'],
  Cdtr: ['Nm?', 'PstlAdr?'],
  PstlAdr: ['StrtNm?', 'PstCd?', 'TwnNm+', 'CtrySubDvsn?', 'Ctry+'],
  DbtrAcct: ['Id+', 'Ccy?'],
  CdtrAcct: ['Id+', 'Tp?'],
  CdtTrfTxInf: ['PmtId+', 'Amt+', 'CdtrAgt?', 'Cdtr?', 'CdtrAcct?', 'RmtInf?'],
  PmtId: ['InstrId?', 'EndToEndId+'],
  Amt: ['InstdAmt+'],
  RmtInf: ['Ustrd?'],
};

const places: Readonly<Record<string, number>> = {
  MsgId: 35,
  PmtInfId: 35,
  InstrId: 35,
  EndToEndId: 35,
  Nm: 140,
  StrtNm: 70,
  PstCd: 16,
  TwnNm: 35,
  CtrySubDvsn: 35,
  Ustrd: 140,
};

type Ordered = readonly { readonly [name: string]: unknown }[];

const ordered = new XMLParser({ preserveOrder: true, parseTagValue: false, ignoreDeclaration: true });

/** Where a file is not as the schema wants it: elements out of order, missing, unknown, or longer than their place. */
export const faultsOfStructure = (xml: string): readonly string[] => {
  if (XMLValidator.validate(xml) !== true) return ['it is not well-formed'];
  const faults: string[] = [];
  const visit = (name: string, children: Ordered): void => {
    const names = children.flatMap((child) => Object.keys(child).filter((key) => key !== ':@' && key !== '#text'));
    const text = children.flatMap((child) => ('#text' in child ? [String(child['#text'])] : [])).join('');
    if (names.length === 0 && text.length === 0) faults.push(`${name} is empty`);
    if (text.length > (places[name] ?? 1000)) faults.push(`${name} has ${text.length} letters`);
    const row = schema[name];
    if (row) {
      const wanted = row.map((entry) => entry.slice(0, -1));
      const at = names.map((each) => wanted.indexOf(each));
      if (at.includes(-1)) faults.push(`${name} holds an unknown element`);
      if (at.some((index, nth) => nth > 0 && index < (at[nth - 1] ?? 0))) faults.push(`${name} is out of order`);
      for (const entry of row) {
        const [element, times] = [entry.slice(0, -1), names.filter((each) => each === entry.slice(0, -1)).length];
        if (!entry.endsWith('?') && times === 0) faults.push(`${name} lacks ${element}`);
        if (!entry.endsWith('*') && times > 1) faults.push(`${name} holds ${element} more than once`);
      }
    }
    for (const child of children) {
      for (const [key, value] of Object.entries(child)) {
        if (key !== ':@' && key !== '#text') visit(key, value as Ordered);
      }
    }
  };
  for (const root of ordered.parse(xml) as Ordered) {
    for (const [key, value] of Object.entries(root)) visit(key, value as Ordered);
  }
  return faults;
};

const plain = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => name === 'PmtInf' || name === 'CdtTrfTxInf',
});

export interface ReadPayment {
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  readonly name: string;
  readonly account: string;
  readonly service: string;
}

interface Block {
  readonly NbOfTxs: string;
  readonly CtrlSum: string;
  readonly PmtTpInf: { readonly SvcLvl: { readonly Cd: string } };
  readonly CdtTrfTxInf: readonly {
    readonly PmtId: { readonly EndToEndId: string };
    readonly Amt: { readonly InstdAmt: { readonly '@Ccy': string; readonly '#text': string } };
    readonly Cdtr: { readonly Nm: string };
    readonly CdtrAcct: { readonly Id: { readonly IBAN?: string; readonly Othr?: { readonly Id: string } } };
  }[];
}

/** Digits only, so that sums are exact whatever the currency. */
const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));

/** What a bank reads: every payment. Throws when counts or control sums of a block or of the file do not hold. */
export const readPain001 = (xml: string): { readonly messageId: string; readonly payments: readonly ReadPayment[] } => {
  const { GrpHdr: header, PmtInf: blocks } = plain.parse(xml).Document.CstmrCdtTrfInitn as {
    GrpHdr: { MsgId: string; NbOfTxs: string; CtrlSum: string };
    PmtInf: readonly Block[];
  };
  const check = (of: { NbOfTxs: string; CtrlSum: string }, amounts: readonly string[]): void => {
    const sum = amounts.reduce((total, amount) => total + cents(amount), 0n);
    if (Number(of.NbOfTxs) !== amounts.length || cents(of.CtrlSum) !== sum) throw new Error('A control sum is wrong.');
  };
  const amountsOf = (block: Block) => block.CdtTrfTxInf.map(({ Amt }) => Amt.InstdAmt['#text']);
  for (const block of blocks) check(block, amountsOf(block));
  check(header, blocks.flatMap(amountsOf));
  const payments = blocks.flatMap((block) =>
    block.CdtTrfTxInf.map(({ PmtId, Amt, Cdtr, CdtrAcct }) => ({
      reference: PmtId.EndToEndId,
      amount: Amt.InstdAmt['#text'],
      currency: Amt.InstdAmt['@Ccy'],
      name: Cdtr.Nm,
      account: CdtrAcct.Id.IBAN ?? CdtrAcct.Id.Othr?.Id ?? '',
      service: block.PmtTpInf.SvcLvl.Cd,
    })),
  );
  return { messageId: header.MsgId, payments };
};
