import type { BankAnswer, Element, Said } from './bank-answer.ts';
import { all, idIn, text, texts } from './bank-elements.ts';

type InWords = (code: string | undefined, said: readonly string[]) => string;

/** Until version .02 a word, later an element with a code. */
const statusOf = (entry: Element): string | undefined => text(entry, 'Sts', 'Cd') ?? text(entry, 'Sts');

/** We only pay out: money that comes in under our own reference is a payment that came back. */
const saidBy = (entry: Element, details: Element, inWords: InWords): Said => {
  const returned = all(details, 'RtrInf')[0];
  const direction = text(details, 'CdtDbtInd') ?? text(entry, 'CdtDbtInd');
  if (returned || direction === 'CRDT' || text(entry, 'RvslInd') === 'true') {
    const code = text(returned, 'Rsn', 'Cd') ?? text(returned, 'Rsn', 'Prtry');
    const reason = `returned: ${inWords(code, texts(returned, 'AddtlInf'))}`;
    return { outcome: 'failed', reason, returned: true };
  }
  return { outcome: statusOf(entry) === 'BOOK' ? 'paid' : 'pending' };
};

/** An entry that only tells that something may come is no answer. */
const isTold = (entry: Element): boolean => ['BOOK', 'PDNG'].includes(statusOf(entry) ?? '');

/** Bank to customer statement: what was booked, payment by payment or a whole block at once, and what came back. */
export const readCamt053 = (statement: Element, inWords: InWords): BankAnswer => {
  const details = all(statement, 'Stmt')
    .flatMap((each) => all(each, 'Ntry'))
    .filter(isTold)
    .flatMap((entry) => all(entry, 'NtryDtls').map((each) => ({ entry, details: each })));
  return {
    files: [],
    blocks: details.flatMap(({ entry, details: block }) => {
      const blockId = text(block, 'Btch', 'PmtInfId');
      const isWhole = blockId !== undefined && all(block, 'TxDtls').length === 0;
      return isWhole ? [{ blockId: idIn(blockId), ...saidBy(entry, block, inWords) }] : [];
    }),
    payments: details.flatMap(({ entry, details: several }) =>
      all(several, 'TxDtls').flatMap((each) => {
        const reference = text(each, 'Refs', 'EndToEndId');
        return reference ? [{ reference: idIn(reference), ...saidBy(entry, each, inWords) }] : [];
      }),
    ),
  };
};
