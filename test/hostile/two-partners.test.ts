import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '#shared/core/access.ts';
import { StoredEvent } from '#shared/core/history.ts';
import { instant } from '#shared/core/time.ts';
import { askings } from '#test/access/askings.ts';
import { prngOf } from '#test/faults/prng.ts';
import { now } from '#test/partners/a-partner.ts';
import { stripeSecrets } from '#test/payouts/stripe-books.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval } from '#test/support/approvals.ts';
import type { Reply } from '#test/support/call.ts';
import { adminOf, manager, repOf } from '#test/support/people.ts';
import { followEvent } from '#workflows/follow-event.ts';
import { type Asked, ask, wholeTable } from './asked.ts';
import { logged } from './logged.ts';
import { wordsOf } from './marked-body.ts';
import { mutations } from './mutations.ts';
import { type Drawn, drawRequest, forPartners } from './random-request.ts';
import { createTenant, furnish, furnishMoney, learn, type Tenant, tracesIn } from './tenant.ts';

/** Issue 3 asks for over 10,000; every run does a part of them. `HOSTILE_REQUESTS` says how many, `SEED` replays. */
const requests = Number(process.env.HOSTILE_REQUESTS ?? 1000);
const seed = Number(process.env.SEED ?? 20_260_701);
/** Beyond any run: vitest's own limit is for what hangs. */
const patient = 3_600_000;

const mails = mockClient(SESv2Client);
for (const client of [mails, mockClient(SFNClient), mockClient(CognitoIdentityProviderClient)]) client.resolves({});

const prng = prngOf(seed);
let tenants: readonly [Tenant, Tenant];
const leaks: string[] = [];
const statuses = new Map<number, number>();
const letIn = new Set<string>();

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  process.env.STRIPE_WEBHOOK_SECRET = stripeSecrets.webhook;
  for (const machine of ['APPROVAL', 'PAYOUT_RUN', 'SCORING_RUN']) {
    process.env[`${machine}_STATE_MACHINE_ARN`] = `arn:aws:states:eu-central-1:123456789012:stateMachine:${machine}`;
  }
  process.env.MAIL_FROM = 'program@tandem.example';
  process.env.PORTAL_URL = 'https://portal.tandem.example';
  process.env.USER_POOL_ID = 'eu-central-1_pool';
  await testTable({ activity: true });
  await publish(aProgram());
  tenants = [await createTenant('zaleph', 7_070_713), await createTenant('zbeth', 9_090_917)];
  for (const tenant of tenants) {
    await furnish(tenant);
    await furnishMoney(tenant);
  }
});

const pair = (): { own: Tenant; other: Tenant } => {
  const [a, b] = tenants;
  return prng.chance(0.5) ? { own: a, other: b } : { own: b, other: a };
};

interface Heard {
  readonly own: Tenant;
  readonly other: Tenant;
  readonly where: string;
}

/** Whatever a log says of anybody's words, and of the other's things. */
const listen = (lines: string, { own, other, where }: Heard): void => {
  leaks.push(...[own, other].filter(({ mark }) => lines.includes(mark)).map(({ mark }) => `${where}, logged ${mark}`));
  leaks.push(...tracesIn(lines, other, own.given).map((trace) => `${where}, logged of ${other.mark} ${trace}`));
};

/** Asks for one, and hears what the answer and the log say of the other. */
const hear = async ({ operation, asked }: Drawn, heard: Heard): Promise<Reply> => {
  const { own, other, where } = heard;
  const { result: reply, lines } = await logged(() => ask(operation, asked));
  statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
  const told = `${reply.text} ${JSON.stringify(reply.headers)}`;
  leaks.push(...tracesIn(told, other, own.given).map((trace) => `${where}, told ${own.mark} of ${trace}`));
  // Nothing that anybody wrote is in the log; of a check it says which website was asked for, which is public.
  listen(operation === 'check-deal' ? '' : lines, heard);
  if (reply.status >= 500) leaks.push(`${where}, failed`);
  if (reply.status < 300) {
    letIn.add(operation);
    learn(own, reply.body);
  }
  return reply;
};

/** What a partner's person asks. */
const tenantAsks = async (serial: number, at: string): Promise<void> => {
  const { own, other } = pair();
  const { operation, asked } = drawRequest({ own, other, prng, serial });
  const where = `request ${serial} of SEED=${seed}, ${operation}`;
  await hear({ operation, asked: { ...asked, at } }, { own, other, where });
};

const idOf = (tenant: Tenant, prefix: string): string | undefined => {
  const ids = [...tenant.ids].filter((id) => id.startsWith(prefix));
  return ids.length > 0 ? prng.pick(ids) : undefined;
};

/** Staff decides, and writes of the one beside the other, where it may. */
const staffActs = async (at: string): Promise<Reply | undefined> => {
  const { own, other } = pair();
  const { text } = wordsOf(own.mark, 0);
  const approvalId = idOf(own, 'apr_');
  if (approvalId && prng.chance(0.7)) {
    const params = { approvalId };
    const seen = await ask('get-approval', { caller: manager, params, at });
    const body = { outcome: prng.pick(['approve', 'reject', 'return']), reason: text };
    return ask('decide-approval', { caller: manager, params, body, ifMatch: Number(seen.body.version), at });
  }
  const dealId = idOf(own, 'deal_');
  if (dealId === undefined) return undefined;
  const body = { partnerId: other.partnerId, role: 'influenced', evidence: wordsOf(other.mark, 0).text };
  return ask('attribute-deal', { caller: manager, params: { dealId }, body, at });
};

const followed = new Set<string>();

/** What follows from every event since: mails, invitations, and approvals, which the workflow would open. */
const followUp = async (): Promise<void> => {
  for (const [key, item] of await wholeTable()) {
    if (followed.has(key) || !/ event#\d+$/.test(key)) continue;
    followed.add(key);
    const { pk: _pk, sk: _sk, kind: _kind, ...told } = JSON.parse(item);
    const event = StoredEvent.parse(told);
    // Tests' builders make things of partners, too, that are not there.
    if (event.partnerId && !tenants.some(({ partnerId }) => partnerId === event.partnerId)) continue;
    const { lines } = await logged(() => followEvent(event));
    for (const own of tenants.filter(({ partnerId }) => partnerId === event.partnerId)) {
      const where = `after ${event.type} of ${event.subject}, SEED=${seed}`;
      for (const other of tenants.filter((it) => it !== own)) listen(lines, { own, other, where });
    }
    if (!event.changes.awaits) continue;
    const owner = tenants.find(({ partnerId }) => partnerId === event.partnerId);
    // It may have been withdrawn, or decided, since.
    const opened = await anOpenApproval(event.subject, event.at).catch(() => undefined);
    if (opened) owner?.ids.add(opened);
  }
};

interface Letter {
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly Content: unknown;
}

/** What the mails tell of whom they were not sent to. */
const mailLeaks = (): readonly string[] =>
  mails.calls().flatMap(({ args: [{ input }] }) => {
    // Only one kind of command is sent to this client.
    const { Destination, Content } = input as unknown as Letter;
    const to = Destination.ToAddresses.join();
    return tenants
      .filter(({ mark }) => !to.includes(mark))
      .flatMap((tenant) => tracesIn(JSON.stringify(Content), tenant).map((trace) => `mailed ${to} of ${trace}`));
  });

/** What needs the partner's own state, or a month that it has a statement of. */
const ownWays: Readonly<Partial<Record<Operation, (tenant: Tenant) => Asked | Promise<Asked>>>> = {
  // In its own words, to which it is written from then on.
  'update-partner': async ({ partnerId, mark }) => {
    const [caller, params] = [adminOf(partnerId), { partnerId }];
    const { body } = await ask('get-partner', { caller, params });
    const contacts = [{ firstName: mark, lastName: mark, email: `ada@${mark}.example` }];
    return { caller, params, ifMatch: Number(body.version), body: { contacts } };
  },
  'get-application': ({ partnerId, statusTokens: [statusToken = ''] }) => ({
    caller: adminOf(partnerId),
    params: { partnerId },
    query: { statusToken },
  }),
  'get-statement': ({ partnerId }) => ({ caller: adminOf(partnerId), params: { partnerId, period: '2026-07' } }),
  'dispute-earning': ({ partnerId, mark, things: { earningId } }) => ({
    caller: repOf(partnerId),
    params: { earningId },
    body: { reason: wordsOf(mark, 0).text },
  }),
};

/** As the partner would ask if it knew everything: what changes something has a row of its own, the rest is asked about its things. */
const rightly = async (operation: Operation, tenant: Tenant): Promise<Asked> => {
  const { partnerId, things } = tenant;
  const own = await ownWays[operation]?.(tenant);
  if (own) return own;
  const { another: _another, otherBody: _otherBody, ...row } = (await mutations[operation]?.({ partnerId })) ?? {};
  if ('caller' in row) return row;
  const caller = adminOf(partnerId);
  return { caller, ...askings[operation].call(things, caller) };
};

describe('when two partners ask for anything, in their own words, about anything of either', () => {
  test(
    'then each may ask for all that is its own, and is told nothing of the other',
    async () => {
      const [a, b] = tenants;
      for (const [own, other] of [
        [a, b],
        [b, a],
      ] as const) {
        letIn.clear();
        for (const { operation } of forPartners) {
          const asked = await rightly(operation, own);
          const reply = await hear({ operation, asked }, { own, other, where: `${operation}, asked rightly` });
          if (reply.status >= 300) console.log(operation, reply.text);
        }
        expect(forPartners.map(({ operation }) => operation).filter((it) => !letIn.has(it))).toEqual([]);
      }
      expect(leaks).toEqual([]);
    },
    patient,
  );

  test(
    'then no answer, log line or mail for the one tells of the other',
    async () => {
      for (let serial = 1; serial <= requests; serial += 1) {
        const at = instant(Date.parse(now) + serial * 1000);
        await tenantAsks(serial, at);
        if (serial % 8 === 0) await staffActs(at);
        if (serial % 200 === 0) await followUp();
      }
      await followUp();
      expect([...leaks, ...mailLeaks()]).toEqual([]);
      const done = [...statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0);
      console.log({
        requests,
        done,
        statuses: Object.fromEntries(statuses),
        letIn: [...letIn].sort().join(' '),
        mails: mails.calls().length,
      });
      // It must have been about something.
      expect(done).toBeGreaterThan(requests / 10);
      expect(mails.calls().length).toBeGreaterThan(requests / 100);
    },
    patient,
  );
});
