import { unmarshall } from '@aws-sdk/util-dynamodb';
import { manager } from '#test/support/people.ts';
import { handler as followParked } from '#workflows/on-stored-change.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { type Actor, actors, type Known, type Stage } from './actors.ts';
import type { WireItem } from './expressions.ts';
import { faultsWith, noFault } from './fault.ts';
import { createFiles } from './files-of-a-history.ts';
import { healthActors } from './health-actors.ts';
import { createModelEngine } from './model-engine.ts';
import { moneyActors } from './money-actors.ts';
import { payoutActors } from './payout-actors.ts';
import type { Plot } from './plots.ts';
import { type Prng, prngOf } from './prng.ts';
import type { Recording, StoredItem } from './recording.ts';
import { createRequester, type Requester } from './requester.ts';
import { createScheduler } from './scheduler.ts';
import { admitPartners, beginning, programItems } from './start-of-a-history.ts';
import { beginningOfHealth, lastLook, measuresOfFacts, phasesOfHealth, quartersScored } from './start-of-health.ts';
import { firstClaims, firstDeals, firstRequests, phasesOfMoney } from './start-of-money.ts';
import { beginningOfPayouts, paidDeals, phasesOfPayouts } from './start-of-payouts.ts';
import { createStreamPump, factsWriter, follower } from './stream-pump.ts';
import { createStripe } from './stripe-of-a-history.ts';
import { createWaitingRoom } from './waiting-room.ts';
import { createWorkflowDriver } from './workflow-driver.ts';
import { invoke, type World } from './world.ts';

/** One history: many people at once on a bad line, until the line is good again and everything comes to rest. */
const hourMs = 3_600_000;
const faultProbability = 0.25;

interface Clock {
  ms: number;
  readonly at: () => string;
}

/** The tables as they are at first. */
interface Start {
  readonly items: readonly WireItem[];
  readonly facts: readonly WireItem[];
}

const createWorld = (seed: number, start: Start, { clock, plot }: { clock: Clock; plot: Plot }): World => {
  const prng = prngOf(seed);
  const engine = createModelEngine(start.items);
  const ofFacts = prngOf(seed + 5_000_011);
  return {
    scheduler: createScheduler(prngOf(seed + 1_000_003)),
    engine,
    room: createWaitingRoom(engine),
    pump: createStreamPump(prng, follower),
    factsPump: plot === 'health' ? createStreamPump(ofFacts, factsWriter(ofFacts)) : undefined,
    facts: createModelEngine(start.facts, measuresOfFacts(seed)),
    factsAfter: [],
    workflow: createWorkflowDriver(prng, clock.at),
    stripe: createStripe(prngOf(seed + 4_000_037), () => clock.ms),
    files: createFiles(),
    nowMs: () => clock.ms,
    decide: noFault,
    late: [],
    mails: [],
    logs: [],
    excuses: new Map(),
    signIns: new Map(),
    line: 'short',
    counts: { requests: 0, faulted: 0 },
  };
};

const beginningOf = (plot: Plot, seed: number): number => {
  if (plot === 'health') return beginningOfHealth;
  return plot === 'payouts' ? beginningOfPayouts(seed) : beginning;
};

/** No two tries share an instant, and the gateways' clocks differ by a few seconds. */
const instants = (clock: Clock, prng: Prng): (() => string) => {
  const used = new Set<number>();
  return () => {
    clock.ms += 1 + prng.int(20_000);
    let at = clock.ms - prng.int(5000);
    while (used.has(at)) at += 1;
    used.add(at);
    return new Date(at).toISOString();
  };
};

const createClock = (ms = beginning): Clock => {
  const clock = { ms, at: () => new Date(clock.ms).toISOString() };
  return clock;
};

const sweepOnce = async (world: World, schedule: string, time: string): Promise<void> => {
  const worker = schedule === 'follow-parked' ? followParked : sweep;
  await invoke<unknown>(world, schedule, () => worker({ schedule, time }));
};

/** What may begin beside what people do. */
const begins =
  (world: World) =>
  (stopped: number): readonly (() => void)[] => {
    const starts = [
      ...world.pump.starts(world),
      ...(world.factsPump?.starts(world) ?? []),
      ...world.workflow.starts(world),
      ...world.late.map((land) => () => {
        world.late.splice(world.late.indexOf(land), 1);
        land();
      }),
    ];
    return [...starts, ...world.room.starts(stopped + starts.length === 0)];
  };

const starts = new Map<string, Start>();

const phasesOf = (plot: Plot, seed: number): readonly (() => Promise<void>)[] =>
  ({
    deals: [admitPartners],
    money: [admitPartners, ...phasesOfMoney],
    payouts: [admitPartners, ...phasesOfPayouts(seed)],
    health: [admitPartners, ...phasesOfHealth],
  })[plot];

/** The tables in which histories of a plot begin, those of payouts in three ways, each made once by the real doors. */
export const startOf = async (plot: Plot = 'deals', seed = 0): Promise<Start> => {
  const name = plot === 'payouts' ? `${plot} ${seed % 3}` : plot;
  const made = starts.get(name);
  if (made) return made;
  const world = createWorld(0, { items: programItems(), facts: [] }, { clock: createClock(), plot });
  world.workflow.calm();
  world.pump.calm();
  world.factsPump?.calm();
  world.stripe.calm();
  const failures: unknown[] = [];
  for (const phase of phasesOf(plot, seed)) {
    world.scheduler.spawn(async () => {
      const ended = await invoke(world, 'start', phase);
      if (ended.how === 'threw') failures.push(ended.error);
    });
    await world.scheduler.run(begins(world));
    if (failures.length > 0) throw failures[0];
  }
  const start = { items: world.engine.items(), facts: world.facts.items() };
  starts.set(name, start);
  return start;
};

const jumps = [0.1, 1, 6, 30, 80, 24 * 12, 24 * 40, 24 * 95] as const;

/** Recovery should run twice a day; now and then it is down for as long as it likes. */
const pass = async (
  world: World,
  clock: Clock,
  to: { readonly ms: number; readonly recovers: boolean },
): Promise<void> => {
  if (to.recovers && to.ms - clock.ms > 24 * hourMs) {
    clock.ms += 13 * hourMs;
    await sweepOnce(world, 'recover', clock.at());
  }
  clock.ms = Math.max(clock.ms, to.ms);
};

const schedulesOf = {
  deals: ['sweep', 'recover', 'follow-parked'],
  money: ['sweep', 'recover', 'follow-parked', 'open-quarter', 'settle'],
  payouts: ['sweep', 'recover', 'follow-parked', 'pay-day'],
  health: ['sweep', 'recover', 'follow-parked', 'score-quarter', 'score-quarter', 'score-quarter'],
} as const;

/** How much people wait for one another, and how often time jumps, before they do something. */
const haste = {
  deals: { turns: 0, jump: 0.12 },
  money: { turns: 40, jump: 0.05 },
  payouts: { turns: 60, jump: 0.05 },
  health: { turns: 60, jump: 0.05 },
} as const;

/** One person's turn at a time, each with its sweeps and jumps of time between. */
const play = (world: World, stage: Stage & { readonly clock: Clock; readonly plot: Plot }, actor: Actor): void => {
  const { prng, clock } = stage;
  world.scheduler.spawn(async () => {
    const acts = actor.acts + prng.int(3);
    for (let act = 0; act < acts; act += 1) {
      await world.scheduler.park();
      // What is asked for is decided on by others, and claimed after that: nobody is in so much of a hurry.
      const { turns: most, jump } = haste[stage.plot];
      if (most > 0) for (let turns = prng.int(most); turns > 0; turns -= 1) await stage.pause();
      if (prng.chance(jump)) await stage.passTo(clock.ms + prng.pick(jumps) * hourMs);
      if (prng.chance(0.12)) await sweepOnce(world, prng.pick(schedulesOf[stage.plot]), clock.at());
      await actor.act(stage);
    }
  });
};

const tellFacts = ({ facts: start }: Start, { facts, factsAfter }: World): Recording['facts'] => ({
  start,
  commits: facts.commits.map(({ written }, at) => ({
    after: factsAfter[at] ?? 0,
    written: written.map(({ after }) => after),
  })),
  items: facts.items(),
});

const plain = (item: WireItem): StoredItem => unmarshall({ ...item }) as StoredItem;

export interface Told {
  readonly recording: Recording;
  /** Requests while there were faults, and how many suffered one. */
  readonly counts: { readonly requests: number; readonly faulted: number };
}

export interface Options {
  readonly plot?: Plot;
  readonly decide?: World['decide'];
  readonly mirror?: NonNullable<World['mirror']>;
  readonly line?: World['line'];
}

/** A world at the beginning, with whoever asks it for something; `tell` says what came of it. */
export interface Opened {
  readonly plot: Plot;
  readonly world: World;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly requester: Requester;
  readonly tell: () => Recording;
}

export const openWorld = async (seed: number, options: Options = {}): Promise<Opened> => {
  const { plot = 'deals', ...settings } = options;
  const start = await startOf(plot, seed);
  const { items } = start;
  const clock = createClock(beginningOf(plot, seed));
  const prng = prngOf(seed + 2_000_003);
  const world = { ...createWorld(seed, start, { clock, plot }), ...settings };
  const requester = createRequester(world, prng, instants(clock, prng));
  const tell = (): Recording => ({
    calls: requester.calls,
    commits: [items.map(plain), ...world.engine.commits.map(({ written }) => written.map(({ after }) => plain(after)))],
    items: world.engine.items().map(plain),
    facts: tellFacts(start, world),
    mails: world.mails,
    transfers: world.stripe.made(),
    files: world.files.all(),
    logs: world.logs,
    excuses: world.excuses,
    signIns: world.signIns,
    unfinished: world.workflow.unfinished(),
    started: world.workflow.started(),
    notFollowed: [...world.pump.left(), ...(world.factsPump?.left() ?? [])],
    end: clock.at(),
  });
  return { plot, world, clock, prng, requester, tell };
};

/** Lets everything run that can. */
export const drain = (world: World): Promise<void> => world.scheduler.run(begins(world));

export const runSchedule = async (
  { world, clock }: Opened,
  schedule: 'sweep' | 'recover' | 'follow-parked' | 'settle' | 'open-quarter' | 'pay-day' | 'score-quarter',
): Promise<void> => {
  world.scheduler.spawn(() => sweepOnce(world, schedule, clock.at()));
  await drain(world);
};

/** Each quarter that was scored is scored again by people of calm, twice: what the first look does to tiers the second one sees. */
const lookOnceMore = async ({ world, requester }: Opened): Promise<void> => {
  for (const quarter of [...quartersScored(world), ...quartersScored(world)]) {
    const body = { quarter, reason: lastLook };
    world.scheduler.spawn(async () => {
      await requester.request({ operation: 'start-scoring-run', caller: manager, body });
    });
    await drain(world);
  }
};

/** As long as recovery is patient; and as Stripe keeps a key that it has answered with its own failure. */
const restAfterMs = { deals: hourMs, money: hourMs, payouts: 25 * hourMs, health: hourMs } as const;

/** The faults stop; once the patience of the recovery is over, one recovery and one sweep must do. */
export const comeToRest = async (opened: Opened): Promise<void> => {
  const { world, clock, plot } = opened;
  world.decide = noFault;
  world.workflow.calm();
  world.pump.calm();
  world.factsPump?.calm();
  world.stripe.calm();
  await drain(world);
  clock.ms += restAfterMs[plot];
  await runSchedule(opened, 'follow-parked');
  await runSchedule(opened, 'recover');
  await runSchedule(opened, 'sweep');
  await runSchedule(opened, 'settle');
  if (plot === 'health') await lookOnceMore(opened);
};

/** What everybody knows when a history of money begins. */
const noteTheStart = ({ deals, requests, claims }: Known): void => {
  for (const [mark, id] of firstDeals) {
    deals.set(id, { mark, version: 1, status: 'won', protectedUntil: undefined, body: {} });
  }
  for (const [mark, { id, status }] of firstClaims) claims.set(id, { mark, version: 2, status });
  for (const [mark, id] of firstRequests) requests.set(id, { mark, version: 2, status: 'approved' });
};

const notePaidDeals = ({ deals }: Known): void => {
  for (const [id, mark] of paidDeals) {
    deals.set(id, { mark, version: 2, status: 'won', protectedUntil: undefined, body: {} });
  }
};

const people: Readonly<Record<Plot, () => readonly Actor[]>> = {
  deals: actors,
  money: moneyActors,
  payouts: payoutActors,
  health: healthActors,
};

export const runHistory = async (seed: number, options: Options = {}): Promise<Told> => {
  const opened = await openWorld(seed, {
    decide: faultsWith(prngOf(seed + 3_000_017), faultProbability),
    ...options,
  });
  const { world, clock, prng, requester } = opened;
  const known: Known = {
    deals: new Map(),
    approvals: new Map(),
    applications: new Map(),
    requests: new Map(),
    claims: new Map(),
    runs: new Map(),
    payouts: new Map(),
    newcomers: [],
  };
  const { plot = 'deals' } = options;
  if (plot === 'money') noteTheStart(known);
  if (plot === 'payouts' || plot === 'health') notePaidDeals(known);
  const stage = {
    plot,
    requester,
    prng,
    clock,
    known,
    now: () => clock.ms,
    passTo: (ms: number) => pass(world, clock, { ms, recovers: prng.chance(0.8) }),
    sweep: () => sweepOnce(world, 'sweep', clock.at()),
    schedule: (schedule: string) => sweepOnce(world, schedule, clock.at()),
    pause: world.scheduler.park,
    stripe: world.stripe,
    until: world.room.until,
    beside: world.scheduler.spawn,
  };
  for (const actor of people[plot]()) play(world, stage, actor);
  await drain(world);
  const counts = { ...world.counts };
  await comeToRest(opened);
  return { counts, recording: opened.tell() };
};
