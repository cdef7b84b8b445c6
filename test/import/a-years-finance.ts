import { hash } from 'node:crypto';
import * as z from 'zod';
import { type Api, ask, askAll } from '#local/import/api-client.ts';
import { inLanes } from '#local/import/in-lanes.ts';
import type { Laptop } from '#local/import/laptop.ts';
import { adminOf } from '#local/import/onboard-partners.ts';
import type { Plan } from '#local/import/plan.ts';
import { payeeOfAgent, type YearsPayee } from '#test/import/a-years-payees.ts';
import { aCamt053, aPain002 } from '#test/payouts/a-bank-answer.ts';

const Run = z.object({
  id: z.string(),
  status: z.string(),
  period: z.string(),
  startedBy: z.string(),
  total: z.object({ amountMinor: z.int(), currency: z.literal('USD') }),
  payouts: z.int(),
  carried: z.record(z.string(), z.int()),
  manifestHash: z.string(),
});
export type YearsRun = z.infer<typeof Run>;

const Payout = z.object({
  id: z.string(),
  status: z.string(),
  partnerId: z.string(),
  currency: z.literal('USD'),
  period: z.string(),
  amount: z.object({ amountMinor: z.int() }),
  payeeVersion: z.int(),
});
export type YearsPayout = z.infer<typeof Payout>;

const Approval = z.object({ id: z.string(), version: z.int(), subject: z.object({ id: z.string() }) });
const Known = z.object({ id: z.string(), version: z.int(), company: z.object({ name: z.string() }) });
const BankStatus = z.object({ settled: z.int(), failed: z.int(), pending: z.int(), ignored: z.int() });

const finance = { role: 'finance', email: 'finance@tandem.example' } as const;
const atOnce = 16;

export interface Office {
  readonly api: Api;
  readonly laptop: Laptop;
  readonly plan: Plan;
}

/** What people of finance and of partners do in the year, each time through the API as they would. */
export const openOffice = ({ api, laptop, plan }: Office) => {
  const token = () => laptop.signIn(finance);
  const get = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    ask(api, { method: 'GET', path, token: await token() }, shape);
  const all = async <T>(path: string, shape: z.ZodType<T>) =>
    askAll(api, { method: 'GET', path, token: await token() }, shape);
  const post = async <T>(path: string, sent: { body: unknown; ifMatch?: string }, shape: z.ZodType<T>): Promise<T> => {
    const idempotencyKey = hash('sha256', `${path} ${JSON.stringify(sent)}`);
    return ask(api, { method: 'POST', path, token: await token(), idempotencyKey, ...sent }, shape);
  };
  const agents = plan.partners.map(({ name }) => name.replace(/ Partners$/, ''));
  const versions = new Map<string, number>();
  const partners = async () => {
    const known = await all('/v1/partners', Known);
    return new Map(known.map((partner) => [partner.company.name.replace(/ Partners$/, ''), partner]));
  };
  const payeeOf = (agent: string): YearsPayee => payeeOfAgent(agent, agents.indexOf(agent), versions.get(agent) ?? 1);

  return {
    get,
    agents,
    payeeOf,
    runs: () => all('/v1/payout-runs', Run),
    payoutsOf: (runId: string) => all(`/v1/payouts?runId=${runId}`, Payout),
    partnerIds: async () => new Map([...(await partners())].map(([agent, { id }]) => [agent, id])),
    /** Their administrators say where they are paid; whoever did before says another account. */
    setPayees: async (some: readonly string[]): Promise<void> => {
      const known = await partners();
      await inLanes(some, { width: atOnce, laneOf: (agent) => agent }, async (agent) => {
        const partner = plan.partners[agents.indexOf(agent)];
        const stored = known.get(agent);
        if (!partner || !stored) throw new Error(`${agent} is none of the partners.`);
        versions.set(agent, (versions.get(agent) ?? 0) + 1);
        const body = { payee: payeeOf(agent).payee };
        const by = { token: await laptop.signIn(adminOf(partner, stored.id)), ifMatch: `"${stored.version}"` };
        await ask(api, { method: 'PATCH', path: `/v1/partners/${stored.id}`, body, ...by }, z.unknown());
      });
    },
    /** Somebody who did not start it, a day or more in the role. */
    approve: async (runId: string): Promise<void> => {
      const open = await all('/v1/approvals?kind=payout_run&status=open', Approval);
      const approval = open.find(({ subject }) => subject.id === runId);
      if (!approval) throw new Error(`Nobody is asked about ${runId}.`);
      const decision = { body: { outcome: 'approve' }, ifMatch: `"${approval.version}"` };
      await post(`/v1/approvals/${approval.id}/decision`, decision, z.object({ status: z.literal('approved') }));
    },
    file: (runId: string, format: YearsPayee['format']) =>
      get(`/v1/payout-runs/${runId}/file?format=${format}`, z.string()),
    /** The bank refuses some in its report, and has booked the others by its account statement. */
    bankSays: async (runId: string, booked: readonly YearsPayout[], refused: readonly string[]) => {
      const path = `/v1/payout-runs/${runId}/bank-status`;
      const answers = [
        aCamt053(booked.map(({ id, amount }) => ({ reference: id, amount: (amount.amountMinor / 100).toFixed(2) }))),
      ];
      const reported = refused.map((reference) => [reference, 'RJCT', 'AC04', 'Closed account'] as const);
      if (refused.length > 0) answers.unshift(aPain002({ messageId: runId, payments: reported }));
      const said = [];
      for (const content of answers) said.push(await post(path, { body: { content } }, BankStatus));
      return said;
    },
    /** Roles count from the first time that somebody is known. */
    arrive: async (): Promise<void> => void (await token()),
  };
};
export type YearsOffice = ReturnType<typeof openOffice>;
