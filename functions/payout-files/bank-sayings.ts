import { formatMoney, type Money } from '#shared/core/money.ts';
import type { BankAnswer, Said } from '#shared/payouts/bank-answer.ts';
import { blockIdOf, blockOf } from '#shared/payouts/bank-order.ts';
import { readPayeeVersions } from '#shared/payouts/payee-store.ts';
import type { BankStatus } from '#shared/payouts/run.ts';
import { inWords, isSameAmount } from '#shared/payouts/told-amount.ts';
import type { HandedOver, Told } from './handed-over.ts';

/** What the bank says of one payment, and why that is not what we asked for, where it is not. */
export interface Saying {
  readonly told: Told;
  readonly said: Said;
  readonly difference?: string;
}

const differenceOf = (said: Said, expected: readonly Money[]): { readonly difference?: string } => {
  const { amount } = said;
  const [asked] = expected;
  if (said.outcome === 'pending' || !amount || !asked || expected.some((each) => isSameAmount(amount, each))) return {};
  return { difference: `The bank tells of ${inWords(amount)}, and we asked for ${formatMoney(asked)}` };
};

const sumOf = (several: readonly Told[], currency: string): Money => ({
  amountMinor: several.reduce((sum, { line }) => sum + line.amountMinor, 0),
  currency,
});

/** A total is that of all payments, or of those that were not refused before. */
const ofSeveral = (said: Said, several: readonly Told[], currency: string): readonly Saying[] => {
  const left = several.filter(({ payout }) => payout.status !== 'failed');
  const { difference } = differenceOf(said, [sumOf(several, currency), sumOf(left, currency)]);
  const words = difference && `${difference} for ${several.length} payments together.`;
  return several.map((told) => ({ told, said, ...(words ? { difference: words } : {}) }));
};

const ofOne = (said: Said, told: Told): Saying => {
  const { amountMinor, currency } = told.line;
  const { difference } = differenceOf(said, [{ amountMinor, currency }]);
  return { told, said, ...(difference ? { difference: `${difference}.` } : {}) };
};

/** What an answer says of our payments: of each by its own name, else with its block, else with its file. */
export const sayingsOf = async (
  answer: BankAnswer,
  told: readonly Told[],
  { run, payer }: HandedOver,
): Promise<readonly Saying[]> => {
  const named = new Map(answer.payments.map((said) => [said.reference, said]));
  const whole = answer.files.find(({ messageId }) => messageId === run.id);
  const own = told.flatMap((each) => {
    const said = named.get(each.line.payoutId);
    return said ? [ofOne(said, each)] : [];
  });
  if (answer.blocks.length === 0 && !whole) return own;
  const { currency } = run.total;
  const payees = await readPayeeVersions(told.map(({ line }) => ({ ...line, version: line.payeeVersion })));
  const inBlocks = told.flatMap((each, index) => {
    const payee = payees[index];
    const block = payee && blockOf({ payee }, { payer, currency });
    return block ? [{ each, blockId: blockIdOf(run.id, block) }] : [];
  });
  const blocks = answer.blocks.flatMap((said) => {
    const several = inBlocks.filter(({ blockId }) => blockId === said.blockId).map(({ each }) => each);
    return ofSeveral(said, several, currency);
  });
  const file = whole
    ? ofSeveral(
        whole,
        inBlocks.map(({ each }) => each),
        currency,
      )
    : [];
  // The most particular word counts, and of several about a block the last.
  const byPayout = new Map<string, Saying>();
  for (const saying of [...own, ...blocks.toReversed(), ...file]) {
    const { payoutId } = saying.told.line;
    if (!byPayout.has(payoutId)) byPayout.set(payoutId, saying);
  }
  return [...byPayout.values()];
};

export type Counted = keyof BankStatus;

/** A report that comes late undoes no booking; only money that came back does. */
const isPast = ({ status }: Told['payout'], said: Said): boolean =>
  status === 'failed' ? said.outcome !== 'failed' : status === 'paid' && said.outcome === 'failed' && !said.returned;

/** As what a saying counts after which nothing is to be done; undefined where something is. */
const countedAs = ({ told: { payout }, said, difference }: Saying): Counted | undefined => {
  if (isPast(payout, said)) return 'ignored';
  if (said.outcome === 'pending') return 'pending';
  if (difference !== undefined) return payout.needsAttention === difference ? 'differing' : undefined;
  if (payout.status !== said.outcome) return undefined;
  return said.outcome === 'paid' ? 'settled' : 'failed';
};

export const nothingSaid: BankStatus = { settled: 0, failed: 0, pending: 0, ignored: 0, differing: 0, left: 0 };

/** What is only to be counted, and what is to be done, of which `most` now: an answer that is handed in again goes on where it stopped. */
export const divide = (
  sayings: readonly Saying[],
  most: number,
): { readonly counts: BankStatus; readonly work: readonly Saying[] } => {
  const counts: Record<Counted, number> = { ...nothingSaid };
  const work: Saying[] = [];
  for (const saying of sayings) {
    const counted = countedAs(saying) ?? (work.length < most ? undefined : 'left');
    if (counted) counts[counted] += 1;
    else work.push(saying);
  }
  return { counts, work };
};
