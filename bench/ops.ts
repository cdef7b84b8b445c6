import { randomUUID } from 'node:crypto';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { addDays } from '#shared/core/time.ts';
import { bookEarning, changeEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { anActivePartner } from '#test/deals/a-deal.ts';
import { call, freshCustomer, large, now, register, small } from '#test/deals/at-the-deals-door.ts';
import { anEarning } from '#test/earnings/an-earning.ts';
import { anApplication, apply, freshDomain } from '#test/partners/a-partner.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { repOf, finance as someFinance, manager as someManager } from '#test/support/people.ts';
import { dueDeal } from '#workflows/deals/due-deal.ts';
import { type Captured, captureOf } from './capture.ts';
import type { Finding } from './figure.ts';
import { mdfScenarios } from './ops-of-mdf.ts';
import { payoutScenarios } from './ops-of-payouts.ts';

/** A command in its three outcomes; each starts from a state of its own. */
export interface Scenario {
  readonly command: string;
  readonly requests: { readonly success: number; readonly replay: number; readonly refusal: number };
  /** Sets the stage, and answers how to send it: the same key sends the same command again. */
  readonly arrange: () => Promise<(key: string) => Promise<Reply | undefined>>;
  readonly refused: () => Promise<() => Promise<Reply | undefined>>;
  /** When it is sent; `now` unless given. */
  readonly at?: string;
  /** When the refused one is sent; `now` unless given. */
  readonly refusedAt?: string;
  readonly mustUnits?: number;
  readonly stretchUnits?: number;
}

const creating = { success: 1, replay: 1, refusal: 1 };
const changing = { success: 2, replay: 2, refusal: 2 };

// Ids are as long as real ones, because what is measured is bytes.
const manager = { ...someManager, id: derivedId('usr', 'manager') };
const finance = { ...someFinance, id: derivedId('usr', 'finance') };
const realRepOf = (partnerId: string) => ({ ...repOf(partnerId), id: derivedId('usr', partnerId) });
const partner = (overrides = {}) => anActivePartner(derivedId('ptr', randomUUID()), overrides);

/** A registered deal of a partner of its own: `small` ones are approved at once, `large` ones wait. */
const aStoredDeal = async (value: typeof small = small) => {
  const partnerId = await partner();
  const rep = realRepOf(partnerId);
  const { body } = await register(partnerId, { value }, { caller: rep });
  return { dealId: String(body.id), rep };
};

/** What is refused most. A refusal for what the partner is (suspended, at its limit) takes one read more: it may hide the partner's own first try. */
const customerTaken = async () => {
  const customer = freshCustomer();
  await register(await partner(), { customer });
  const other = await partner();
  return () => register(other, { customer });
};

const registering = (value: typeof large) => async () => {
  const partnerId = await partner();
  const customer = freshCustomer();
  return (key: string) => register(partnerId, { customer, value }, { caller: realRepOf(partnerId), key });
};

const changingDeal = (operation: Call['operation'], body: unknown, by?: typeof manager) => async () => {
  const { dealId, rep } = await aStoredDeal();
  return (key: string) => call(operation, { caller: by ?? rep, params: { dealId }, body, key, ifMatch: 1 });
};
const late = (operation: Call['operation'], body: unknown) => async () => {
  const { dealId } = await aStoredDeal();
  return () => call(operation, { caller: manager, params: { dealId }, body, ifMatch: 9 });
};

const deciding = (body: unknown) => async () => {
  const { dealId } = await aStoredDeal(large);
  const approvalId = await anOpenApproval(dealId, now);
  return (key: string) => decide(approvalId, { caller: manager, body, key });
};
const decidingWrongly = async () => {
  const { dealId } = await aStoredDeal(large);
  const approvalId = await anOpenApproval(dealId, now);
  return () => decide(approvalId, { caller: finance });
};

const won = { outcome: 'won', closedOn: '2026-07-01', value: { amountMinor: 2_100_000, currency: 'USD' } };
const payment = { amount: { amountMinor: 500_000, currency: 'USD' }, paidOn: '2026-07-01' };

const changingWonDeal = (body: unknown) => async () => {
  const { dealId } = await aStoredDeal();
  await call('close-deal', { caller: manager, params: { dealId }, body: won, ifMatch: 1 });
  return (key: string) => call('pay-deal', { caller: finance, params: { dealId }, body, key, ifMatch: 2 });
};

/** A commission that waited for the customer, as the worker turns it into one that is owed once the invoice is paid. */
const accruing = (isFirst: boolean) => async () => {
  const [partnerId, dealId] = [derivedId('ptr', randomUUID()), derivedId('deal', randomUUID())];
  // The first of a month lists the statement; all others only add to it.
  const earlier = anEarning({ id: derivedId('ern', partnerId), partnerId });
  if (!isFirst) await saved(bookEarning(earlier, systemIntent('earn', partnerId, now)));
  const id = derivedId('ern', dealId, partnerId, 'referral-commission', '1');
  const { holdUntil, statement, ...waiting } = anEarning({ id, partnerId, dealId, status: 'pending', createdAt: now });
  const { entity } = await saved(bookEarning(waiting, systemIntent('earn', id, now)));
  const owed = { ...entity, status: 'on_hold', holdUntil, statement } as const;
  return async () => {
    await saveEarning(changeEarning(entity, owed, systemIntent('earn', `${id}@1`, now)));
    return undefined;
  };
};
const saved = async (change: ReturnType<typeof bookEarning>) => {
  await saveEarning(change);
  return change;
};

const ended = addDays(now, 90);

const scenarios: readonly Scenario[] = [
  {
    command: 'deal registered, for a person to decide',
    requests: creating,
    arrange: registering(large),
    refused: customerTaken,
    mustUnits: 12,
    stretchUnits: 10,
  },
  {
    command: 'deal registered, approved at once',
    requests: creating,
    arrange: registering(small),
    refused: customerTaken,
    mustUnits: 12,
    stretchUnits: 10,
  },
  {
    command: 'deal rejected by a decision',
    requests: changing,
    arrange: deciding({ outcome: 'reject', reason: 'Not ours.' }),
    refused: decidingWrongly,
  },
  {
    command: 'deal approved by a decision',
    requests: changing,
    arrange: deciding({ outcome: 'approve' }),
    refused: decidingWrongly,
  },
  {
    command: 'deal extended',
    requests: changing,
    arrange: changingDeal('extend-deal', { progressNotes: 'They test it.' }),
    refused: async () => {
      const { dealId, rep } = await aStoredDeal();
      return () => call('extend-deal', { caller: rep, params: { dealId }, body: { progressNotes: 'x' }, ifMatch: 9 });
    },
  },
  {
    command: 'deal closed by staff',
    requests: changing,
    arrange: changingDeal('close-deal', won, manager),
    refused: late('close-deal', won),
  },
  {
    command: 'payment of a deal told',
    requests: changing,
    arrange: changingWonDeal(payment),
    refused: async () => {
      const { dealId } = await aStoredDeal();
      return () => call('pay-deal', { caller: finance, params: { dealId }, body: payment });
    },
  },
  {
    command: 'earning accrued',
    requests: creating,
    arrange: accruing(false),
    refused: accruing(false),
    mustUnits: 6,
    stretchUnits: 6,
  },
  {
    command: 'earning accrued, the first of its statement',
    requests: creating,
    arrange: accruing(true),
    refused: accruing(true),
  },
  {
    command: 'deal expired by the sweep',
    requests: changing,
    at: ended,
    arrange: async () => {
      const { dealId } = await aStoredDeal();
      return async () => {
        await dueDeal(dealId, ended);
        return undefined;
      };
    },
    refused: async () => {
      const { dealId } = await aStoredDeal();
      return async () => {
        await dueDeal(dealId, now);
        return undefined;
      };
    },
  },
  {
    command: 'application',
    requests: creating,
    arrange: async () => {
      const application = anApplication(freshDomain());
      return (key) => apply(application, { key });
    },
    refused: async () => {
      const application = anApplication(freshDomain());
      await apply(application);
      return () => apply(application);
    },
  },
  {
    command: 'known account recorded',
    requests: changing,
    arrange: async () => {
      const { companyName, websiteUrl } = freshCustomer();
      const body = { companyName, websiteUrl, openOpportunity: true };
      return (key) => send(knownAccounts, { operation: 'record-known-account', caller: manager, at: now, body, key });
    },
    refused: async () => {
      const { companyName, websiteUrl } = freshCustomer();
      const body = { companyName, websiteUrl, openOpportunity: true };
      const tell = (key: string, more = {}) =>
        send(knownAccounts, {
          operation: 'record-known-account',
          caller: manager,
          at: now,
          body: { ...body, ...more },
          key,
        });
      await tell('one');
      return () => tell('one', { openOpportunity: false });
    },
  },
  ...mdfScenarios,
  ...payoutScenarios,
];

/** What the same writes cost when no item is larger than a kilobyte: QUALITY's figure, apart from what people happen to write. */
const unitsAtOneKilobyte = (requests: readonly Captured[]): number =>
  requests
    .flatMap(({ request, items }) => items.map((item) => (request === 'TransactWriteItems' ? 2 : 1) + item.indexUnits))
    .reduce((sum, units) => sum + units, 0);

const unitsOf = (requests: readonly Captured[]): number =>
  requests.flatMap(({ items }) => items).reduce((sum, item) => sum + item.tableUnits + item.indexUnits, 0);

/** What one command did: its requests in each outcome, and the items that its success wrote. */
export interface Operation {
  readonly command: string;
  readonly requests: { readonly success: number; readonly replay: number; readonly refusal: number };
  readonly allowed: Scenario['requests'];
  /** With these items' bytes, and if each were a kilobyte at most. */
  readonly units: number;
  readonly unitsAtOneKilobyte: number;
  readonly unitsOfRefusal: number;
  readonly items: Captured['items'];
  readonly mustUnits?: number | undefined;
  readonly stretchUnits?: number | undefined;
}

const measure = async (scenario: Scenario): Promise<Operation> => {
  const act = await scenario.arrange();
  await programAt(scenario.at ?? now);
  const done = await captureOf(() => act('first'));
  if (done.result && done.result.status > 299)
    throw new Error(`${scenario.command}: ${done.result.status} ${JSON.stringify(done.result.body)}`);
  const again = await captureOf(() => act('first'));
  const refuse = await scenario.refused();
  await programAt(scenario.refusedAt ?? now);
  const refused = await captureOf(refuse);
  if (refused.result && refused.result.status < 400) throw new Error(`${scenario.command} was not refused.`);
  return {
    command: scenario.command,
    requests: { success: done.requests.length, replay: again.requests.length, refusal: refused.requests.length },
    allowed: scenario.requests,
    units: unitsOf(done.requests),
    unitsAtOneKilobyte: unitsAtOneKilobyte(done.requests),
    unitsOfRefusal: unitsOf(refused.requests),
    items: done.requests.flatMap(({ items }) => items),
    mustUnits: scenario.mustUnits,
    stretchUnits: scenario.stretchUnits,
  };
};

/** Every command on the real engine, in a table that holds a program. The program is looked up once a minute, before. */
export const measureOperations = async (): Promise<readonly Operation[]> => {
  await publish(aProgram());
  const results: Operation[] = [];
  for (const scenario of scenarios) {
    results.push(await measure(scenario));
  }
  return results;
};

export const opsFinding = (operations: readonly Operation[]): Finding => ({
  figures: operations.flatMap((operation) => {
    const { success, replay, refusal } = operation.requests;
    const most = Math.max(
      ...(['success', 'replay', 'refusal'] as const).map((it) => operation.requests[it] / operation.allowed[it]),
    );
    return [
      {
        name: `write units at ≤ 1 KB an item: ${operation.command}`,
        value: operation.unitsAtOneKilobyte,
        unit: 'write units',
        ...(operation.mustUnits === undefined ? {} : { must: operation.mustUnits }),
        ...(operation.stretchUnits === undefined ? {} : { stretch: operation.stretchUnits }),
        note: operation.items
          .map(({ item, bytes, tableUnits, indexUnits }) => `${item} ${bytes} B ${tableUnits}+${indexUnits}`)
          .join(' · '),
      },
      {
        name: `requests: ${operation.command}`,
        value: most,
        unit: 'of what is allowed',
        must: 1,
        note: `${success} · ${replay} · ${refusal}`,
      },
    ];
  }),
  details: operations.map((it) => ({
    command: it.command,
    ...it.requests,
    'units at ≤ 1 KB': it.unitsAtOneKilobyte,
    'units of these items': it.units,
    'units of a refusal': it.unitsOfRefusal,
  })),
});
