import type { BankAnswer, Element, Said } from './bank-answer.ts';
import { all, idIn, text, texts } from './bank-elements.ts';
import { amountAt, type ToldAmount } from './told-amount.ts';

type InWords = (code: string | undefined, said: readonly string[]) => string;

/** A part of an entry, and the entry's amount where that is all there is in it. */
interface Entered {
  readonly entry: Element;
  readonly details: Element;
  readonly whole: ToldAmount | undefined;
}

/** Until version .02 a word, later an element with a code. */
const statusOf = (entry: Element): string | undefined => text(entry, 'Sts', 'Cd') ?? text(entry, 'Sts');

/** Of a payment: as it was instructed, else as it was booked, which is the entry's where it holds nothing else. */
const instructed = (details: Element): ToldAmount | undefined => amountAt(details, 'AmtDtls', 'InstdAmt', 'Amt');
const booked = (details: Element, whole: ToldAmount | undefined): ToldAmount | undefined =>
  amountAt(details, 'Amt') ?? amountAt(details, 'AmtDtls', 'TxAmt', 'Amt') ?? whole;

/** We only pay out: money that comes in under our own reference is a payment that came back. */
const saidBy = ({ entry, details, whole }: Entered, inWords: InWords): Said => {
  const returned = all(details, 'RtrInf')[0];
  const direction = text(details, 'CdtDbtInd') ?? text(entry, 'CdtDbtInd');
  if (returned || direction === 'CRDT' || text(entry, 'RvslInd') === 'true') {
    const code = text(returned, 'Rsn', 'Cd') ?? text(returned, 'Rsn', 'Prtry');
    const reason = `returned: ${inWords(code, texts(returned, 'AddtlInf'))}`;
    // Of what came back only what was booked says how much of it did.
    const back = booked(details, whole) ?? instructed(details);
    return { outcome: 'failed', reason, returned: true, ...(back ? { amount: back } : {}) };
  }
  const amount = instructed(details) ?? booked(details, whole);
  return { outcome: statusOf(entry) === 'BOOK' ? 'paid' : 'pending', ...(amount ? { amount } : {}) };
};

/** An entry that only tells that something may come is no answer. */
const isTold = (entry: Element): boolean => ['BOOK', 'PDNG'].includes(statusOf(entry) ?? '');

/** Bank to customer statement: what was booked, payment by payment or a whole block at once, and what came back. */
export const readCamt053 = (statement: Element, inWords: InWords): BankAnswer => {
  const parts = all(statement, 'Stmt')
    .flatMap((each) => all(each, 'Ntry'))
    .filter(isTold)
    .flatMap((entry) => all(entry, 'NtryDtls').map((part, _, parts) => ({ entry, part, isOnly: parts.length === 1 })));
  return {
    files: [],
    blocks: parts.flatMap(({ entry, part, isOnly }) => {
      const blockId = text(part, 'Btch', 'PmtInfId');
      if (blockId === undefined || all(part, 'TxDtls').length > 0) return [];
      const whole = amountAt(part, 'Btch', 'TtlAmt') ?? (isOnly ? amountAt(entry, 'Amt') : undefined);
      return [{ blockId: idIn(blockId), ...saidBy({ entry, details: part, whole }, inWords) }];
    }),
    payments: parts.flatMap(({ entry, part, isOnly }) => {
      const several = all(part, 'TxDtls');
      const whole = isOnly && several.length === 1 ? amountAt(entry, 'Amt') : undefined;
      return several.flatMap((details) => {
        const reference = text(details, 'Refs', 'EndToEndId');
        return reference ? [{ reference: idIn(reference), ...saidBy({ entry, details, whole }, inWords) }] : [];
      });
    }),
  };
};
