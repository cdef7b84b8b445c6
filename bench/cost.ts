import { mkdir, writeFile } from 'node:fs/promises';
import type { Operation } from '#shared/core/access.ts';
import { programAt } from '#shared/program/program-store.ts';
import { freshCustomer, large, now, register } from '#test/deals/at-the-deals-door.ts';
import { ask, mutatingRoutes } from '#test/hostile/asked.ts';
import { mutations, type Scene } from '#test/hostile/mutations.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { aPayout, payDay } from '#test/payouts/a-run.ts';
import { aTransfer, signatureOf, stripeSecrets } from '#test/payouts/stripe-books.ts';
import { aProgramWithReports, publish } from '#test/support/a-program.ts';
import { anOpenApproval } from '#test/support/approvals.ts';
import { manager, repOf } from '#test/support/people.ts';
import { factsOfEvents } from '#workflows/facts/facts-of-events.ts';
import { type Captured, captureOf } from './capture.ts';
import type { Finding } from './figure.ts';
import { costOfThousand, type Use } from './prices.ts';

interface Row extends Use {
  readonly command: string;
}

const useOf = async (
  requests: readonly Captured[],
): Promise<Pick<Use, 'writeUnits' | 'readUnits' | 'factUnits' | 'workers'>> => {
  const items = requests.flatMap((request) => request.items);
  const events = requests.flatMap((request) => request.events);
  const facts = await Promise.all(
    [...Map.groupBy(events, ({ subject }) => subject).values()].map((some) => factsOfEvents(some)),
  );
  return {
    writeUnits: items.reduce((sum, item) => sum + item.tableUnits + item.indexUnits, 0),
    readUnits: requests.reduce((sum, { readUnits }) => sum + readUnits, 0),
    // A hundred bytes each, by themselves.
    factUnits: facts.flat().length,
    // The stream brings each event to one that follows it up and to one that makes facts of it.
    workers: 2 * events.length,
  };
};

const stranger = { kind: 'anonymous', id: '192.0.2.7' } as const;

const throughTheApi = { apiRequests: 1, doors: 1, transitions: 0 };

/** Why it has no price instead, where the tests of hostile input do not know how to reach the state for it. */
const command = async (operation: Operation, scene: Scene): Promise<Row | string> => {
  const prepare = mutations[operation];
  if (!prepare) return `${operation} has no row in test/hostile/mutations.ts`;
  const { another: _another, otherBody: _otherBody, ...asked } = await prepare(scene);
  await programAt(now);
  const { result, requests } = await captureOf(() => ask(operation, { ...asked, key: `cost-${operation}` }));
  if (result.status > 299) return `${operation} was refused: ${result.status} ${result.body.code}`;
  return { command: operation, ...(await useOf(requests)), ...throughTheApi };
};

/** What a person's decision costs beside the command that needs it and the decision itself: asking, waiting, following up. */
const askingSomebody = async (): Promise<Row> => {
  const { body } = await register(await anActivePartner(), { customer: freshCustomer(), value: large });
  const { requests } = await captureOf(() => anOpenApproval(String(body.id), now));
  const { writeUnits, readUnits, factUnits, workers } = await useOf(requests);
  // Beside the approval and its event: the token is put and taken away, and two steps are run.
  const units = { writeUnits: writeUnits + 2, readUnits: readUnits + 3, factUnits };
  const use = { ...units, apiRequests: 0, doors: 0, workers: workers + 2, transitions: 3 };
  return { command: 'a person is asked and followed up', ...use };
};

const reading = async ({ partnerId }: Scene): Promise<readonly Row[]> => {
  const deals = await Promise.all(Array.from({ length: 10 }, () => register(partnerId, { customer: freshCustomer() })));
  const params = { dealId: String(deals[0]?.body.id) };
  const one = await captureOf(() => ask('get-deal', { caller: manager, params }));
  const list = await captureOf(() => ask('list-deals', { caller: repOf(partnerId) }));
  return [
    { command: 'get-deal (any thing by its id)', ...(await useOf(one.requests)), ...throughTheApi },
    { command: 'list-deals (a page of ten)', ...(await useOf(list.requests)), ...throughTheApi },
  ];
};

/** What comes without a key: it changes nothing, or is signed. */
const withoutKey = async (partnerId: string): Promise<readonly Row[]> => {
  process.env.STRIPE_WEBHOOK_SECRET = stripeSecrets.webhook;
  const { websiteUrl } = freshCustomer();
  const rep = repOf(partnerId);
  const check = { caller: rep, key: null, body: { websiteUrl, productLine: 'platform' } };
  const idea = { value: { amountMinor: 9_000_000, currency: 'USD' }, productLine: 'platform', dealType: 'new' };
  const { id, amount } = await aPayout('sent', { provider: 'stripe' });
  const object = aTransfer({ transfer_group: id, amount: amount?.amountMinor ?? 0 });
  const told = { id: 'evt_1', object: 'event', type: 'transfer.created', data: { object } };
  const headers = { 'stripe-signature': signatureOf(JSON.stringify(told), payDay) };
  await programAt(payDay);
  const asked = [
    ['check-deal', check],
    ['estimate-deal', { caller: rep, key: null, body: idea }],
    ['receive-stripe-event', { caller: stranger, key: null, body: told, headers, at: payDay }],
  ] as const;
  const rows: Row[] = [];
  for (const [operation, call] of asked) {
    const { result, requests } = await captureOf(() => ask(operation, call));
    if (result.status > 299) throw new Error(`${operation} was refused: ${result.status} ${result.body.code}`);
    rows.push({ command: operation, ...(await useOf(requests)), ...throughTheApi });
  }
  return rows;
};

/** An operation is set in the letters of code; what is said of it is not. */
const named = (command: string): string => command.replace(/^[a-z]+(-[a-z]+)+/, '`$&`');

const table = (rows: readonly Row[]): string => {
  const cents = (value: number): string => value.toFixed(2);
  const lines = rows.map((row) => {
    const { table: units, facts, api, door, workers, transitions, dollars } = costOfThousand(row);
    const terms = [
      ...(row.writeUnits > 0 ? [`${row.writeUnits} × 0.625`] : []),
      ...(row.readUnits > 0 ? [`${row.readUnits} × 0.125`] : []),
    ];
    const sum = `${terms.join(' + ')} = ${cents(units)}`;
    const other = [facts, api, door, workers, transitions].map((value) => (value === 0 ? '–' : cents(value)));
    return `| ${[named(row.command), sum, ...other, dollars.toFixed(4)].join(' | ')} |`;
  });
  const head = ['command', 'DynamoDB', 'facts', 'API', 'door', 'workers', 'transitions', 'dollars'];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines, ''].join('\n');
};

/** Cost of 1,000 of every command at list prices, by what each really writes and reads on the real engine. */
export const measureCost = async (): Promise<Finding> => {
  await publish(aProgramWithReports());
  const scene = { partnerId: await anActivePartner() };
  const rows: Row[] = [];
  const unpriced: string[] = [];
  for (const { operation } of mutatingRoutes) {
    const row = await command(operation, scene);
    if (typeof row === 'string') unpriced.push(row);
    else rows.push(row);
  }
  rows.push(...(await withoutKey(scene.partnerId)), await askingSomebody(), ...(await reading(scene)));
  await mkdir('.local/bench', { recursive: true });
  await writeFile('.local/bench/cost.md', table(rows));
  const priced = rows.map((row) => ({ ...row, ...costOfThousand(row) }));
  const dearest = priced.reduce((most, row) => (row.dollars > most.dollars ? row : most));
  return {
    figures: [
      { name: 'dearest of all, for 1,000', value: dearest.dollars, unit: 'dollars', note: dearest.command },
      {
        name: 'commands without a price',
        value: unpriced.length,
        unit: 'commands',
        must: 0,
        note: unpriced.join(', '),
      },
    ],
    details: priced.map(({ command: name, writeUnits, readUnits, factUnits, dollars }) => ({
      command: name,
      writeUnits,
      readUnits,
      factUnits,
      'dollars for 1,000': dollars.toFixed(4),
    })),
  };
};
