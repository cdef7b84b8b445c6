import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { manager } from '#test/support/people.ts';
import type { Request } from './fault.ts';
import { filesIn, outcomesOfFiles, scenesOfFiles } from './file-scenes.ts';
import { outcomesOfHealth, scenesOfHealth } from './health-scenes.ts';
import { comeToRest, drain, type Opened, openWorld, runSchedule } from './history.ts';
import { outcomesOfMoney, scenesOfMoney } from './money-scenes.ts';
import { eventsIn } from './oracles.ts';
import { outcomesOfPayouts, scenesOfPayouts } from './payout-scenes.ts';
import { applicant, marks, partnerOf, repsOf } from './people-of-a-history.ts';
import type { Plot } from './plots.ts';
import type { Recording, Reply } from './recording.ts';
import { anApplication, beginning } from './start-of-a-history.ts';
import type { World } from './world.ts';

/** One thing after the other, each followed up before the next: whatever workflows and sweeps do, they do here. */
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Ask = (operation: Operation, caller: Caller, more?: object) => Promise<Reply | undefined>;

export interface Play {
  readonly opened: Opened;
  readonly ask: Ask;
  readonly register: (customer: string, amountMinor?: number) => Promise<string>;
  readonly decide: (approvalId: string, outcome: string) => Promise<Reply | undefined>;
  readonly pass: (ms: number) => void;
  /** The schedule's next times: the second one does what a death in the first left. */
  readonly sweep: () => Promise<void>;
  readonly recover: () => Promise<void>;
  readonly run: (schedule: Parameters<typeof runSchedule>[1]) => Promise<void>;
}

const rep = (): Caller => repsOf(marks[0])[0] ?? applicant;

const playOf = (opened: Opened): Play => {
  const { world, clock, requester } = opened;
  const ask: Ask = async (operation, caller, more = {}) => {
    let reply: Reply | undefined;
    world.scheduler.spawn(async () => {
      reply = await requester.request({ operation, caller, ...more });
    });
    await drain(world);
    return reply;
  };
  const register = async (customer: string, amountMinor = 5_000_000): Promise<string> => {
    const reply = await ask('register-deal', rep(), { body: aRegistration(customer, amountMinor, clock.ms) });
    return String(reply?.body.id);
  };
  const decide = async (approvalId: string, outcome: string): Promise<Reply | undefined> => {
    const seen = await ask('get-approval', manager, { params: { approvalId } });
    const body = { outcome, ...(outcome === 'approve' ? {} : { reason: 'Because.' }) };
    return ask('decide-approval', manager, { params: { approvalId }, body, ifMatch: seen?.version ?? 1 });
  };
  const pass = (ms: number): void => {
    clock.ms += ms;
  };
  const sweep = async (): Promise<void> => {
    await runSchedule(opened, 'sweep');
    await runSchedule(opened, 'sweep');
  };
  const recover = async (): Promise<void> => {
    pass(hourMs);
    await runSchedule(opened, 'recover');
    await runSchedule(opened, 'recover');
  };
  const run = (schedule: Parameters<typeof runSchedule>[1]) => runSchedule(opened, schedule);
  return { opened, ask, register, decide, pass, sweep, recover, run };
};

export const aRegistration = (customer: string, amountMinor: number, now: number) => ({
  customer: { companyName: customer, websiteUrl: `https://${customer}.example`, countryCode: 'DE' },
  productLine: 'platform',
  dealType: 'new',
  value: { amountMinor, currency: 'USD' },
  expectedCloseDate: new Date(now + 60 * dayMs).toISOString().slice(0, 10),
  contacts: [{ firstName: 'Carl', lastName: 'Client', email: 'carl@client.example' }],
  sourceNotes: 'Notes',
});

const closed = { body: { outcome: 'won', closedOn: new Date(beginning).toISOString().slice(0, 10) } };

export type Scene = (play: Play) => Promise<unknown>;

/** What each scene must bring about: so that it does what its words say. */
export const outcomes: Readonly<Record<string, readonly string[]>> = {
  ...outcomesOfFiles,
  ...outcomesOfMoney,
  ...outcomesOfPayouts,
  ...outcomesOfHealth,
  'an application is approved, its contact invited': ['partner.approved', 'user.invited'],
  'an application is returned and lapses': ['partner.returned', 'partner.lapsed'],
  'a registration of an account that direct sales knows is approved': ['known-account.recorded', 'deal.approved'],
  'a registration is returned, and lapses': ['deal.returned', 'deal.expired'],
  'a registration is withdrawn before anybody decides': ['deal.withdrawn', 'approval.cancelled'],
  'nobody decides: reminded, escalated, approved by lateness': [
    'approval.reminded',
    'approval.escalated',
    'deal.approved',
  ],
  'protection is warned of, and ends': ['deal.warned', 'deal.expired'],
  'a close is proposed, refused, proposed again and approved': ['deal.close_refused', 'deal.won'],
  'a partner is suspended and reinstated': ['partner.suspended', 'partner.reinstated'],
  'an execution is lost, and found': ['deal.asked_again', 'deal.approved'],
  'the execution of a proposed close is lost, and found': ['deal.asked_again', 'deal.won'],
  'an answer is taken, and its execution lost': ['deal.approved'],
  'asking fails for good, and a person is told': ['deal.marked', 'deal.approved'],
};

const happenedIn = (recording: Recording): ReadonlySet<string> => {
  const before = new Set(eventsIn(recording.commits[0] ?? []).map((event) => event.hash));
  const events = eventsIn(recording.items).filter((event) => !before.has(event.hash));
  return new Set([...events.map((event) => event.type), ...filesIn(recording)]);
};

/** What should have come of a scene and has not. */
export const missingFrom = (scene: string, recording: Recording): readonly string[] => {
  const happened = happenedIn(recording);
  return (outcomes[scene] ?? []).filter((outcome) => !happened.has(outcome)).map((outcome) => `${outcome} is missing`);
};

/** Likewise after a kill. A run over a quarter that died is made good by the next time of its schedule, which these scenes do not wait for. */
export const lostFrom = (scene: string, recording: Recording): readonly string[] =>
  plotOf(scene) === 'health' ? [] : missingFrom(scene, recording);
/** What each scene is about, in words. */
export const scenes: Readonly<Record<string, Scene>> = {
  ...scenesOfFiles,
  ...scenesOfMoney,
  ...scenesOfPayouts,
  ...scenesOfHealth,
  'an application is approved, its contact invited': async ({ ask, decide }) => {
    const body = anApplication('mark-applicant', 'applicant.example', 'reseller');
    const reply = await ask('apply-partner', applicant, { body });
    await decide(`apr_${reply?.body.id}_1`, 'approve');
  },
  'an application is returned and lapses': async ({ ask, decide, pass, sweep }) => {
    const body = anApplication('mark-applicant', 'applicant.example', 'reseller');
    const reply = await ask('apply-partner', applicant, { body });
    await decide(`apr_${reply?.body.id}_1`, 'return');
    pass(40 * dayMs);
    await sweep();
  },
  'a registration of an account that direct sales knows is approved': async ({ ask, register, decide }) => {
    const account = { companyName: 'blue', websiteUrl: 'https://blue.example', openOpportunity: true };
    await ask('record-known-account', manager, { body: account });
    await decide(`apr_${await register('blue')}_1`, 'approve');
  },
  'a registration is returned, and lapses': async ({ register, decide, pass, sweep }) => {
    await decide(`apr_${await register('blue')}_1`, 'return');
    pass(31 * dayMs);
    await sweep();
  },
  'a registration is withdrawn before anybody decides': async ({ ask, register }) => {
    await ask('withdraw-deal', rep(), { params: { dealId: await register('blue') }, body: {} });
  },
  'nobody decides: reminded, escalated, approved by lateness': async ({ register, pass, sweep }) => {
    await register('blue');
    for (let day = 0; day < 3; day += 1) {
      pass(dayMs);
      await sweep();
    }
  },
  'protection is warned of, and ends': async ({ register, pass, sweep }) => {
    await register('blue', 1_000_000);
    for (const days of [61, 16, 7, 6, 2]) {
      pass(days * dayMs);
      await sweep();
    }
  },
  'a close is proposed, refused, proposed again and approved': async ({ ask, register, decide }) => {
    const dealId = await register('blue', 1_000_000);
    await ask('close-deal', rep(), { params: { dealId }, ...closed });
    await decide(`apr_${dealId}_1`, 'reject');
    await ask('close-deal', rep(), { params: { dealId }, ...closed });
    await decide(`apr_${dealId}_2`, 'approve');
  },
  'a partner is suspended and reinstated': async ({ ask }) => {
    const about = { params: { partnerId: partnerOf(marks[0]) }, body: { reason: 'Because.' } };
    await ask('suspend-partner', manager, about);
    await ask('reinstate-partner', manager, about);
  },
  'an execution is lost, and found': async ({ opened, register, decide, recover }) => {
    opened.world.workflow.loseNext();
    const dealId = await register('blue');
    await recover();
    await decide(`apr_${dealId}_1`, 'approve');
  },
  'the execution of a proposed close is lost, and found': async ({ opened, ask, register, decide, recover }) => {
    const dealId = await register('blue', 1_000_000);
    opened.world.workflow.loseNext();
    await ask('close-deal', rep(), { params: { dealId }, ...closed });
    await recover();
    await decide(`apr_${dealId}_1`, 'approve');
  },
  'an answer is taken, and its execution lost': async ({ opened, register, decide, recover }) => {
    const dealId = await register('blue');
    opened.world.workflow.loseNext('lose answered');
    await decide(`apr_${dealId}_1`, 'approve');
    await recover();
  },
  'asking fails for good, and a person is told': async ({ opened, register, decide, recover }) => {
    opened.world.workflow.failNext();
    const dealId = await register('blue');
    await recover();
    await decide(`apr_${dealId}_1`, 'approve');
  },
};

const plotOf = (scene: string): Plot => {
  if (scene in scenesOfHealth) return 'health';
  return scene in scenesOfPayouts ? 'payouts' : scene in scenesOfMoney ? 'money' : 'deals';
};

const worksOnDeals = /^(on-stored-change|Ask|FollowUp|NeedsAttention|sweep|recover|verify-document|publish-roots)\b/;

const isRead = (operation: string): boolean => /^(Query|BatchGetItem|Scan|DescribeTable)$/.test(operation);

/**
 * Of quarters, runs and files whoever writes is killed, before its first write and after each: before a read, or before a later write,
 * nothing is other than after the write before it.
 */
export const writersOnly = (scene: string): boolean =>
  (scene in scenesOfFiles || ['health', 'payouts'].includes(plotOf(scene))) && process.env.KILLS !== 'all';

/**
 * Who can be killed in a scene: workers; and where money moves, the doors as well. Whoever asks a door that died asks again. Of quarters
 * runs and files whoever writes, or speaks with Stripe or S3; for a release (`KILLS=all`) whoever speaks with anybody.
 */
export const canBeKilled = (scene: string, { label, service, operation }: Request): boolean =>
  ({
    deals: worksOnDeals.test(label) && (!writersOnly(scene) || !isRead(operation)),
    money: true,
    health: !writersOnly(scene) || !isRead(operation),
    payouts: service === 'stripe' || !writersOnly(scene) || !isRead(operation),
  })[plotOf(scene)];

/** Of a third of the seeds facts are one segment, whose worker hands back in the middle; of another Stripe pays. */
const seedFor = (plot: Plot): number => (plot === 'health' ? 3 : 1);

export const runScene = async (name: string, decide: World['decide']): Promise<Recording> => {
  const plot = plotOf(name);
  const opened = await openWorld(seedFor(plot), { decide, plot });
  opened.world.pump.calm();
  opened.world.factsPump?.calm();
  opened.world.workflow.calm();
  opened.world.stripe.calm();
  opened.requester.calm();
  await scenes[name]?.(playOf(opened));
  await comeToRest(opened);
  return opened.tell();
};
