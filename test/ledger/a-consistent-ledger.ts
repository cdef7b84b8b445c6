import { record, type StoredEvent, systemIntent, type Tracked } from '#shared/core/history.ts';
import type { Line } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { type Earning, holdFrom, newEarning } from '#shared/earnings/earning.ts';
import { bookEarning, changeEarning } from '#shared/earnings/earning-store.ts';
import { type BudgetState, budgetAccount, budgetsAllocated, journalOf, move } from '#shared/ledger/chart.ts';
import type { Change, Write } from '#shared/platform/table.ts';
import type { Prng } from '#test/faults/prng.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aTable, type Table } from './a-table.ts';

const start = '2026-01-05T09:00:00.000Z';
const program = aProgram();
const never = () => new Error('refused');

interface Making {
  readonly table: Table;
  readonly below: (limit: number) => number;
  now: string;
  serial: number;
  readonly events: StoredEvent[];
}

const intentOf = (making: Making, what: string) => {
  making.serial += 1;
  return systemIntent(what, String(making.serial), making.now);
};

const write = (making: Making, event: StoredEvent, writes: readonly Write[]): void => {
  making.table.write([event], writes);
  making.events.push(event);
};

/** An earning that accrues at once or waits for the customer's money first, and may be reversed while it is on hold. */
const anEarning = (making: Making, partnerId: string): void => {
  const amount = { amountMinor: (making.below(4) === 0 ? -1 : 1) * (1 + making.below(900_000)), currency: 'USD' };
  const kind = amount.amountMinor < 0 ? 'clawback' : 'commission';
  making.serial += 1;
  const fields = { id: `ern_${making.serial}`, kind, partnerId, amount, createdAt: making.now } as const;
  const explanation = { rule: 'referral', programVersion: 1, inputs: {} };
  const hold = holdFrom(kind, making.now, program);
  const waits = kind !== 'clawback' && making.below(3) === 0;
  const first = bookEarning(
    newEarning({ ...fields, explanation, status: waits ? 'pending' : 'on_hold', ...(waits ? {} : hold) }),
    intentOf(making, 'book'),
  );
  write(making, first.event, first.writes);
  let earning: Earning = first.entity;
  if (waits && making.below(2) === 0) {
    making.now = addDays(making.now, 1);
    const held: Earning = { ...earning, status: 'on_hold', ...holdFrom(kind, making.now, program) };
    const change = changeEarning(earning, held, intentOf(making, 'paid'));
    write(making, change.event, change.writes);
    earning = change.entity;
  }
  if (kind === 'commission' && making.below(4) === 0) {
    making.now = addDays(making.now, 1);
    const change = changeEarning(earning, { ...earning, status: 'reversed' }, intentOf(making, 'refund'));
    write(making, change.event, change.writes);
  }
};

const quarter = '2026-Q1';

/** One step of a thing that has balances: its event, its own item, and changes of others. */
const step = (
  making: Making,
  about: {
    readonly before: Tracked | undefined;
    readonly after: Tracked & { readonly partnerId: string };
    readonly sk: string;
    readonly kind: string;
    readonly lines: readonly Line[];
    readonly balances: Change['add'];
    readonly others: readonly Write[];
  },
): Tracked => {
  const { before, after, sk, kind, lines, balances = {}, others } = about;
  making.serial += 1;
  const journals =
    lines.length > 0 ? [journalOf([after.id, String(making.serial)], { at: making.now, currency: 'USD', lines })] : [];
  const happening = { type: `${kind}.moved`, intent: intentOf(making, kind), personalFields: [], journals };
  const { entity, event } = record(before, after, happening);
  const own: Write = {
    write: 'change',
    key: { pk: entity.id, sk },
    change: { set: { kind, ...entity }, add: balances },
    when: { test: 'absent', name: 'pk' },
    refuse: never,
  };
  write(making, event, [own, ...others]);
  return entity;
};

/** A budget, and a request that reserves of it, of which a claim is reimbursed. */
const aBudget = (making: Making, partnerId: string): void => {
  const account = (state: BudgetState): string => budgetAccount(partnerId, quarter, state);
  const money = 1_000 + making.below(9_000);
  const fields = { version: 0, head: '', createdAt: making.now, updatedAt: making.now, partnerId, quarter };
  const budget = { ...fields, id: `bud_${partnerId}`, status: 'open', currency: 'USD' };
  step(making, {
    before: undefined,
    after: budget,
    sk: 'budget',
    kind: 'mdf-budget',
    lines: move(money, account('available'), budgetsAllocated),
    balances: { available: money, committed: 0, expired: 0 },
    others: [],
  });
  const part = 1 + making.below(money - 1);
  const take: Write = {
    write: 'change',
    key: { pk: budget.id, sk: 'budget' },
    change: { add: { available: -part, committed: part } },
    when: { test: 'present', name: 'pk' },
    refuse: never,
  };
  making.now = addDays(making.now, 1);
  const request = { sk: 'request', kind: 'mdf-request' };
  const requestedAmount = { amountMinor: part, currency: 'USD' };
  const asked = { ...fields, id: `mdr_${partnerId}`, status: 'approved', requestedAmount };
  const reserved = step(making, {
    before: undefined,
    after: asked,
    ...request,
    lines: move(part, account('reserved'), account('available')),
    balances: { reservedLeft: part, inReview: 0, reimbursed: 0 },
    others: [take],
  });
  making.now = addDays(making.now, 1);
  const claimed = step(making, {
    before: reserved,
    after: { ...reserved, partnerId },
    ...request,
    lines: move(part, account('in-review'), account('reserved')),
    balances: { reservedLeft: -part, inReview: part },
    others: [],
  });
  if (making.below(2) === 0) return;
  step(making, {
    before: claimed,
    after: { ...claimed, status: 'completed', partnerId },
    ...request,
    lines: move(part, account('reimbursed'), account('in-review')),
    balances: { inReview: -part, reimbursed: part },
    others: [],
  });
};

/** A small table with earnings, statements, budgets and requests that all agree, folded in any order; the same for the same chance. */
export const aConsistentLedger = (chance: Prng, earnings = 6): Table => {
  const below = chance.int;
  const making: Making = { table: aTable(), below, now: start, serial: 0, events: [] };
  const partners = Array.from({ length: 1 + Math.ceil(earnings / 6) }, (_, number) => `ptr_${number}`);
  for (const partnerId of partners.slice(0, 2)) aBudget(making, partnerId);
  for (let number = 0; number < earnings; number += 1) {
    making.now = addDays(start, below(80) + 5);
    anEarning(making, partners[below(partners.length)] ?? '');
  }
  const inAnyOrder = making.events.map((event) => ({ event, order: chance.next() })).sort((a, b) => a.order - b.order);
  for (const { event } of inAnyOrder) making.table.fold(event);
  return making.table;
};
