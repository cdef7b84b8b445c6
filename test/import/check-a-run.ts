import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import * as z from 'zod';
import { inLanes } from '#local/import/in-lanes.ts';
import type { YearsOffice, YearsPayout, YearsRun } from '#test/import/a-years-finance.ts';
import type { ExpectedMonth } from '#test/import/recompute-payouts.ts';
import { readNacha } from '#test/payouts/nacha-reader.ts';
import { faultsOfStructure, readPain001 } from '#test/payouts/pain001-reader.ts';

const Money = z
  .object({ amountMinor: z.int(), currency: z.literal('USD') })
  .transform(({ amountMinor }) => amountMinor);
const Carry = z.object({ period: z.string(), amount: Money, reasons: z.array(z.object({ code: z.string() })) });
const Statement = z.object({
  openingBalance: Money,
  closingBalance: Money,
  lines: z.array(z.object({ type: z.string(), amount: Money })),
  payout: z.object({
    status: z.string(),
    earned: Money,
    due: Money,
    left: Money,
    amount: Money.optional(),
    broughtForward: z.array(Carry),
    carriedOver: z.array(Carry),
    accountEndsWith: z.string().optional(),
  }),
});
const Account = z.object({ balances: z.array(Money) });
const TrialBalance = z.object({
  accounts: z.array(z.object({ accountId: z.string(), debit: Money, credit: Money })),
  totals: z.array(z.object({ debit: Money, credit: Money })),
});

/** By agent, in the order of their names. */
const sorted = <T>(byAgent: Iterable<readonly [string, T]>) =>
  Object.fromEntries([...byAgent].sort(([a], [b]) => (a < b ? -1 : 1)));
const total = (amounts: Iterable<number>): number => [...amounts].reduce((sum, amount) => sum + amount, 0);

/** What is checked of one run: the month it pays, and the one before it. */
export interface CheckedRun {
  readonly office: YearsOffice;
  readonly month: ExpectedMonth;
  readonly before: ExpectedMonth | undefined;
  readonly run: YearsRun;
  readonly payouts: readonly YearsPayout[];
  /** By agent. */
  readonly partnerIds: ReadonlyMap<string, string>;
}

const agentsById = ({ partnerIds }: CheckedRun) => new Map([...partnerIds].map(([agent, id]) => [id, agent]));

/** SHA-256 of the lines as RFC 8785 writes them: names in their order, nothing between. */
const manifestHash = (payouts: readonly YearsPayout[]): string => {
  const lines = payouts.map(({ id, partnerId, currency, period, payeeVersion, amount }) =>
    JSON.stringify({ amountMinor: amount.amountMinor, currency, partnerId, payeeVersion, payoutId: id, period }),
  );
  return createHash('sha256')
    .update(`[${lines.join(',')}]`)
    .digest('base64url');
};

/** The manifest is what was recomputed, to the cent, and its hash is that of its lines. */
export const checkManifest = (checked: CheckedRun): void => {
  const { run, month, payouts } = checked;
  const reasons = [...month.carried.values()].map(({ reason }) => reason);
  expect(run).toMatchObject({
    period: month.period,
    startedBy: 'system',
    payouts: month.sent.size,
    total: { amountMinor: total(month.sent.values()) },
    carried: Object.fromEntries(
      Map.groupBy(reasons, (reason) => reason)
        .entries()
        .map(([each, all]) => [each, all.length]),
    ),
    manifestHash: manifestHash(payouts),
  });
  const names = agentsById(checked);
  expect(sorted(payouts.map((each) => [names.get(each.partnerId) ?? '', each.amount.amountMinor]))).toEqual(
    sorted(month.sent),
  );
};

/** What the bank is asked for, by the payout's id: both files together ask for every payout once, to its own account. */
export const checkFiles = async (checked: CheckedRun): Promise<void> => {
  const { office, run, payouts } = checked;
  const names = agentsById(checked);
  const wanted = payouts.map(({ id, partnerId, amount }) => {
    const { format, account } = office.payeeOf(names.get(partnerId) ?? '');
    return { format, reference: id, account, cents: amount.amountMinor };
  });
  const asks = (format: string) => wanted.some((each) => each.format === format);
  const asked: typeof wanted = [];
  if (asks('pain.001')) {
    const xml = await office.file(run.id, 'pain.001');
    expect(faultsOfStructure(xml)).toEqual([]);
    for (const { reference, account, amount, currency } of readPain001(xml).payments) {
      expect(currency).toBe('USD');
      asked.push({ format: 'pain.001', reference, account, cents: Math.round(Number(amount) * 100) });
    }
    expect(await office.file(run.id, 'pain.001')).toBe(xml);
  }
  if (asks('nacha')) {
    for (const { account, cents, addenda, routingNumber } of readNacha(await office.file(run.id, 'nacha'))) {
      expect(routingNumber).toBe('021000021');
      asked.push({ format: 'nacha', reference: addenda.split('*')[2] ?? '', account, cents });
    }
  }
  const inOrder = (all: typeof wanted) => all.toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
  expect(inOrder(asked)).toEqual(inOrder(wanted));
};

/** What a partner reads of the month: balances, what moved them, and what became of what was due. */
const expectedOf = ({ month, before }: CheckedRun, agent: string) => {
  const earned = month.earned.get(agent) ?? 0;
  const due = month.payable.get(agent) ?? 0;
  const [carried, returned] = [month.carried.get(agent), month.returned.get(agent) ?? 0];
  const opening = before?.payable.get(agent) ?? 0;
  const left = (before?.carried.get(agent)?.amountMinor ?? 0) + (before?.returned.get(agent) ?? 0);
  const reason = carried?.reason ?? (returned > 0 ? 'failed' : undefined);
  return {
    openingBalance: opening,
    closingBalance: due,
    moved: { earned, paid: 0 - (before?.sent.get(agent) ?? 0), returned: before?.returned.get(agent) ?? 0 },
    due,
    earned,
    broughtForward: left,
    carriedOver: (carried?.amountMinor ?? 0) + returned,
    reasons: reason ? [reason] : [],
    amount: month.sent.get(agent),
    status: carried ? 'carried' : returned > 0 ? 'failed' : 'paid',
  };
};

const movedBy = (lines: z.infer<typeof Statement>['lines'], type: string): number =>
  total(lines.filter((line) => line.type === type).map(({ amount }) => amount));

/** Every partner's statement of the month says what was recomputed, and so does the partner's account in the ledger at the month's end. */
export const checkStatements = async (checked: CheckedRun): Promise<void> => {
  const { office, month, partnerIds } = checked;
  const lastMoment = new Date(Date.parse(`${month.payDay.slice(0, 7)}-01`) - 1).toISOString();
  const due = [...month.payable].filter(([, amountMinor]) => amountMinor > 0).map(([agent]) => agent);
  await inLanes(due, { width: 16, laneOf: (agent) => agent }, async (agent) => {
    const id = partnerIds.get(agent);
    const told = await office.get(`/v1/statements/${id}/${month.period}`, Statement);
    const { lines, payout, openingBalance, closingBalance } = told;
    const moved = {
      earned: movedBy(lines, 'earned'),
      paid: movedBy(lines, 'paid'),
      returned: movedBy(lines, 'returned'),
    };
    const found = {
      openingBalance,
      closingBalance,
      moved,
      due: payout.due,
      earned: payout.earned,
      broughtForward: total(payout.broughtForward.map(({ amount }) => amount)),
      carriedOver: total(payout.carriedOver.map(({ amount }) => amount)),
      reasons: payout.carriedOver.flatMap(({ reasons }) => reasons.map(({ code }) => code)),
      amount: payout.amount,
      status: payout.status,
    };
    expect({ agent, ...found }).toEqual({ agent, ...expectedOf(checked, agent) });
    expect(openingBalance + total(lines.map(({ amount }) => amount))).toBe(closingBalance);
    const account = `/v1/ledger/accounts/partner:${id}:payable?limit=1&asOf=${lastMoment}`;
    expect((await office.get(account, Account)).balances).toEqual([closingBalance]);
  });
};

/** Debits are credits; what left by the bank is all that was sent and did not come back; nothing is on its way. */
export const checkBooks = async ({ office, month }: CheckedRun, paidMinor: number): Promise<void> => {
  const { accounts, totals } = await office.get('/v1/ledger/trial-balance', TrialBalance);
  for (const { debit, credit } of totals) expect(debit - credit).toBe(0);
  const creditOf = (name: string, of = accounts): number =>
    total(of.filter(({ accountId }) => accountId === name).map(({ debit, credit }) => credit - debit));
  expect({ bank: creditOf('bank'), clearing: creditOf('payout:clearing') }).toEqual({ bank: paidMinor, clearing: 0 });
  const lastMoment = new Date(Date.parse(`${month.payDay.slice(0, 7)}-01`) - 1).toISOString();
  const atMonthsEnd = await office.get(`/v1/ledger/trial-balance?asOf=${lastMoment}`, TrialBalance);
  for (const { debit, credit } of atMonthsEnd.totals) expect(debit - credit).toBe(0);
  expect(creditOf('partner:<partner>:payable', atMonthsEnd.accounts)).toBe(total(month.payable.values()));
};
