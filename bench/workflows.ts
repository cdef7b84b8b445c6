import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { aRegistration } from '#test/deals/a-deal.ts';
import { anActivePartner, approvalOf, manager } from '#test/journeys/a-partner.ts';
import { type HttpReply, type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import type { Finding } from './figure.ts';
import { playRun } from './run-transitions.ts';

/** A Wednesday. */
const start = '2026-07-01T11:00:00Z';

const register = (laptop: RunningLaptop, partnerId: string, about: { name: string; amountMinor: number }) =>
  laptop.call('POST /v1/deals', {
    by: { role: 'partner_member', partnerId },
    body: aRegistration({
      customer: { companyName: about.name, websiteUrl: `https://${about.name}.example`, countryCode: 'US' },
      value: { amountMinor: about.amountMinor, currency: 'USD' },
      expectedCloseDate: '2027-03-01',
    }),
  });

const decide = async (laptop: RunningLaptop, deal: HttpReply, body: object): Promise<void> => {
  const approval = await approvalOf(laptop, deal);
  const reply = await laptop.call(`POST /v1/approvals/${approval.body.id}/decision`, {
    by: manager,
    body,
    ifMatch: Number(approval.body.version),
  });
  if (reply.status !== 200) throw new Error(`The decision was refused: ${JSON.stringify(reply.body)}`);
  await laptop.advance('PT1S');
};

/** What happens to a registration after it was made, by the name of its customer. */
const paths: Readonly<Record<string, (laptop: RunningLaptop, deal: HttpReply) => Promise<void>>> = {
  approved: (laptop, deal) => decide(laptop, deal, { outcome: 'approve' }),
  rejected: (laptop, deal) => decide(laptop, deal, { outcome: 'reject', reason: 'Not ours.' }),
  returned: (laptop, deal) => decide(laptop, deal, { outcome: 'return', reason: 'Who decides there?' }),
  withdrawn: async (laptop, deal) => {
    const by = { role: 'partner_member', partnerId: String(deal.body.partnerId) };
    await laptop.call(`POST /v1/deals/${deal.body.id}/withdrawal`, {
      by,
      body: {},
      ifMatch: Number(deal.body.version),
    });
    await laptop.advance('PT1S');
  },
  reminded: async (laptop, deal) => {
    await laptop.advance('P2D');
    await decide(laptop, deal, { outcome: 'approve' });
  },
  late: async (laptop) => {
    await laptop.advance('P30D');
  },
};

const play = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const laptop = await startLaptop(start, ['--state', folder]);
  try {
    const partnerId = await anActivePartner(laptop, 'bench');
    const ids = new Map<string, string>();
    const automatic = await register(laptop, partnerId, { name: 'automatic', amountMinor: 1_000_000 });
    if (automatic.body.status !== 'approved') throw new Error('A small deal waits for somebody.');
    ids.set('automatic', String(automatic.body.id));
    for (const [name, follow] of Object.entries(paths)) {
      const deal = await register(laptop, partnerId, { name, amountMinor: 9_000_000 });
      if (deal.status !== 201) throw new Error(`${name}: ${JSON.stringify(deal.body)}`);
      ids.set(name, String(deal.body.id));
      await laptop.advance('PT1S');
      await follow(laptop, deal);
    }
    ids.set('application approved', partnerId);
    return ids;
  } finally {
    await laptop.stop();
  }
};

const partnersOfRun = 1000;

/** State transitions of every path of an approval, from the journal of the laptop's own engine after the whole system has run. */
export const measureWorkflows = async (): Promise<Finding> => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  try {
    const ids = await play(folder);
    const journal = new DatabaseSync(join(folder, 'states.sqlite'), { readOnly: true });
    const rows = journal.prepare('SELECT name, status, transitions FROM executions').all();
    journal.close();
    const details = [...ids].map(([path, id]) => {
      const mine = rows.filter(({ name }) => String(name).includes(id));
      const transitions = mine.reduce((sum, row) => sum + Number(row.transitions), 0);
      return { path, executions: mine.length, transitions, status: mine.map((row) => String(row.status)).join() };
    });
    const human = details.filter(({ path }) => path !== 'automatic');
    const automatic = details.find(({ path }) => path === 'automatic');
    const run = await playRun(partnersOfRun);
    const most = Math.max(...human.map(({ transitions }) => transitions));
    return {
      figures: [
        {
          name: 'transitions of a human approval, the longest path',
          value: most,
          unit: 'transitions',
          must: 3,
          stretch: 3,
        },
        {
          name: 'transitions of an automatic approval',
          value: automatic?.transitions ?? Number.NaN,
          unit: 'transitions',
          must: 0,
          stretch: 0,
        },
        {
          name: 'transitions of a payout run, for each of 1,000 partners',
          value: run.transitions / partnersOfRun,
          unit: 'transitions',
          must: 3,
          stretch: 2,
          note: `${run.transitions} in all; each chunk of a distributed Map is an execution of its own on AWS, which counts its start too`,
        },
      ],
      details,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
