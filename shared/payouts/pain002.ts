import type { BankAnswer, Element, Said } from './bank-answer.ts';
import { all, idIn, one, text, texts } from './bank-elements.ts';
import { amountAt, type ToldAmount } from './told-amount.ts';

type InWords = (code: string | undefined, said: readonly string[]) => string;

const paid = new Set(['ACSC', 'ACCC']);
const failed = new Set(['RJCT', 'CANC']);

/** Accepted, received, in work, partly: whatever is neither the end nor known is still on its way. */
const outcomeOf = (status: string): Said['outcome'] => {
  if (paid.has(status)) return 'paid';
  return failed.has(status) ? 'failed' : 'pending';
};

const reasonOf = (reasons: readonly Element[], inWords: InWords): string => {
  const [first] = reasons;
  const code = text(first, 'Rsn', 'Cd') ?? text(first, 'Rsn', 'Prtry');
  return inWords(code, texts(first, 'AddtlInf'));
};

/** Whoever sends a file twice is told that the second one is refused: nothing is said of the first. */
const duplicates = new Set(['AM05', 'DU01', 'DU02', 'DU03', 'DU04', 'DU05', 'DUPL']);
const isDuplicate = (reasons: readonly Element[]): boolean =>
  duplicates.has(text(reasons[0], 'Rsn', 'Cd') ?? text(reasons[0], 'Rsn', 'Prtry') ?? '');

/** Of a payment as we asked for it; of a file or block their control sum. */
const amountOf = (element: Element): { readonly amount?: ToldAmount } => {
  const amount = amountAt(element, 'OrgnlTxRef', 'Amt', 'InstdAmt') ?? amountAt(element, 'OrgnlCtrlSum');
  return amount ? { amount } : {};
};

const saidBy = (element: Element, statusName: string, inWords: InWords): Said | undefined => {
  const status = text(element, statusName);
  if (status === undefined) return undefined;
  const reasons = all(element, 'StsRsnInf');
  const outcome = outcomeOf(status);
  const amount = amountOf(element);
  if (outcome !== 'failed') return { outcome, ...amount };
  return isDuplicate(reasons) ? undefined : { outcome, reason: reasonOf(reasons, inWords), ...amount };
};

/** Partly is said of what is told piece by piece further down. */
const isWhole = (element: Element, statusName: string): boolean => text(element, statusName) !== 'PART';

/** Customer payment status report: of a file, of its blocks, of single payments. */
export const readPain002 = (report: Element, inWords: InWords): BankAnswer => {
  const group = one(report, 'OrgnlGrpInfAndSts');
  const blocks = all(report, 'OrgnlPmtInfAndSts');
  const file = group && isWhole(group, 'GrpSts') ? saidBy(group, 'GrpSts', inWords) : undefined;
  const messageId = text(group, 'OrgnlMsgId');
  const transactions = [...blocks, ...(group ? [report] : [])].flatMap((each) => all(each, 'TxInfAndSts'));
  return {
    files: file && messageId ? [{ messageId: idIn(messageId), ...file }] : [],
    blocks: blocks.flatMap((block) => {
      const said = isWhole(block, 'PmtInfSts') ? saidBy(block, 'PmtInfSts', inWords) : undefined;
      const blockId = text(block, 'OrgnlPmtInfId');
      return said && blockId ? [{ blockId: idIn(blockId), ...said }] : [];
    }),
    payments: transactions.flatMap((transaction) => {
      const reference = text(transaction, 'OrgnlEndToEndId') ?? text(transaction, 'OrgnlInstrId');
      const said = saidBy(transaction, 'TxSts', inWords);
      return reference && said ? [{ reference: idIn(reference), ...said }] : [];
    }),
  };
};
