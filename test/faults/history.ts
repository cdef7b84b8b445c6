import { unmarshall } from '@aws-sdk/util-dynamodb';
import { handler as followParked } from '#workflows/on-stored-change.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { type Actor, actors, type Known, type Stage } from './actors.ts';
import type { WireItem } from './expressions.ts';
import { type Fault, faultsWith, noFault, type Request } from './fault.ts';
import { createModelEngine } from './model-engine.ts';
import { moneyActors } from './money-actors.ts';
import { type Prng, prngOf } from './prng.ts';
import type { Recording, StoredItem } from './recording.ts';
import { createRequester, type Requester } from './requester.ts';
import { createScheduler } from './scheduler.ts';
import { admitPartners, beginning, programItems } from './start-of-a-history.ts';
import { firstClaims, firstDeals, firstRequests, phasesOfMoney } from './start-of-money.ts';
import { createStreamPump } from './stream-pump.ts';
import { createWorkflowDriver } from './workflow-driver.ts';
import { invoke, type World } from './world.ts';

/** One history: many people at once on a bad line, until the line is good again and everything comes to rest. */
const hourMs = 3_600_000;
const faultProbability = 0.25;

interface Clock {
  ms: number;
  readonly at: () => string;
}

const createWorld = (seed: number, items: readonly WireItem[], clock: Clock): World => {
  const prng = prngOf(seed);
  return {
    scheduler: createScheduler(prngOf(seed + 1_000_003)),
    engine: createModelEngine(items),
    pump: createStreamPump(prng),
    workflow: createWorkflowDriver(prng, clock.at),
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

const createClock = (): Clock => {
  const clock = { ms: beginning, at: () => new Date(clock.ms).toISOString() };
  return clock;
};

const sweepOnce = async (world: World, schedule: string, time: string): Promise<void> => {
  const worker = schedule === 'follow-parked' ? followParked : sweep;
  await invoke<unknown>(world, schedule, () => worker({ schedule, time }));
};

/** What may begin beside what people do. */
const begins = (world: World) => (): readonly (() => void)[] => [
  ...world.pump.starts(world),
  ...world.workflow.starts(world),
  ...world.late.map((land) => () => {
    world.late.splice(world.late.indexOf(land), 1);
    land();
  }),
];

/** What a history is about: who gets in, and who may sell to whom; or what is earned, promised and paid out for it. */
export type Plot = 'deals' | 'money';

const starts = new Map<Plot, readonly WireItem[]>();

const phases = { deals: [admitPartners], money: [admitPartners, ...phasesOfMoney] } as const;

/** The table in which all histories of a plot begin, made once by the real doors. */
export const startItems = async (plot: Plot = 'deals'): Promise<readonly WireItem[]> => {
  const made = starts.get(plot);
  if (made) return made;
  const world = createWorld(0, programItems(), createClock());
  world.workflow.calm();
  world.pump.calm();
  const failures: unknown[] = [];
  for (const phase of phases[plot]) {
    world.scheduler.spawn(async () => {
      const ended = await invoke(world, 'start', phase);
      if (ended.how === 'threw') failures.push(ended.error);
    });
    await world.scheduler.run(begins(world));
    if (failures.length > 0) throw failures[0];
  }
  const start = world.engine.items();
  starts.set(plot, start);
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
} as const;

/** One person's turn at a time, each with its sweeps and jumps of time between. */
const play = (world: World, stage: Stage & { readonly clock: Clock; readonly plot: Plot }, actor: Actor): void => {
  const { prng, clock } = stage;
  world.scheduler.spawn(async () => {
    const acts = actor.acts + prng.int(3);
    for (let act = 0; act < acts; act += 1) {
      await world.scheduler.park();
      // What is asked for is decided on by others, and claimed after that: nobody is in so much of a hurry.
      if (stage.plot === 'money') for (let turns = prng.int(40); turns > 0; turns -= 1) await stage.pause();
      if (prng.chance(stage.plot === 'money' ? 0.05 : 0.12)) await stage.passTo(clock.ms + prng.pick(jumps) * hourMs);
      if (prng.chance(0.12)) await sweepOnce(world, prng.pick(schedulesOf[stage.plot]), clock.at());
      await actor.act(stage);
    }
  });
};

const plain = (item: WireItem): StoredItem => unmarshall({ ...item }) as StoredItem;

export interface Told {
  readonly recording: Recording;
  /** Requests while there were faults, and how many suffered one. */
  readonly counts: { readonly requests: number; readonly faulted: number };
}

export interface Options {
  readonly plot?: Plot;
  readonly decide?: (request: Request) => Fault;
  readonly mirror?: NonNullable<World['mirror']>;
  readonly line?: World['line'];
}

/** A world at the beginning, with whoever asks it for something; `tell` says what came of it. */
export interface Opened {
  readonly world: World;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly requester: Requester;
  readonly tell: () => Recording;
}

export const openWorld = async (seed: number, options: Options = {}): Promise<Opened> => {
  const { plot, ...settings } = options;
  const items = await startItems(plot);
  const clock = createClock();
  const prng = prngOf(seed + 2_000_003);
  const world = { ...createWorld(seed, items, clock), ...settings };
  const requester = createRequester(world, prng, instants(clock, prng));
  const tell = (): Recording => ({
    calls: requester.calls,
    commits: [items.map(plain), ...world.engine.commits.map(({ written }) => written.map(({ after }) => plain(after)))],
    items: world.engine.items().map(plain),
    mails: world.mails,
    logs: world.logs,
    excuses: world.excuses,
    signIns: world.signIns,
    unfinished: world.workflow.unfinished(),
    started: world.workflow.started(),
    notFollowed: world.pump.left(),
    end: clock.at(),
  });
  return { world, clock, prng, requester, tell };
};

/** Lets everything run that can. */
export const drain = (world: World): Promise<void> => world.scheduler.run(begins(world));

export const runSchedule = async (
  { world, clock }: Opened,
  schedule: 'sweep' | 'recover' | 'follow-parked' | 'settle' | 'open-quarter',
): Promise<void> => {
  world.scheduler.spawn(() => sweepOnce(world, schedule, clock.at()));
  await drain(world);
};

/** The faults stop; once the patience of the recovery is over, one recovery and one sweep must do. */
export const comeToRest = async (opened: Opened): Promise<void> => {
  const { world, clock } = opened;
  world.decide = noFault;
  world.workflow.calm();
  world.pump.calm();
  await drain(world);
  clock.ms += hourMs;
  await runSchedule(opened, 'follow-parked');
  await runSchedule(opened, 'recover');
  await runSchedule(opened, 'sweep');
  await runSchedule(opened, 'settle');
};

/** What everybody knows when a history of money begins. */
const noteTheStart = ({ deals, requests, claims }: Known): void => {
  for (const [mark, id] of firstDeals) {
    deals.set(id, { mark, version: 1, status: 'won', protectedUntil: undefined, body: {} });
  }
  for (const [mark, { id, status }] of firstClaims) claims.set(id, { mark, version: 2, status });
  for (const [mark, id] of firstRequests) requests.set(id, { mark, version: 2, status: 'approved' });
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
  };
  const { plot = 'deals' } = options;
  if (plot === 'money') noteTheStart(known);
  const stage = {
    plot,
    requester,
    prng,
    clock,
    known,
    now: () => clock.ms,
    passTo: (ms: number) => pass(world, clock, { ms, recovers: prng.chance(0.8) }),
    sweep: () => sweepOnce(world, 'sweep', clock.at()),
    pause: world.scheduler.park,
    beside: world.scheduler.spawn,
  };
  for (const actor of plot === 'money' ? moneyActors() : actors()) play(world, stage, actor);
  await drain(world);
  const counts = { ...world.counts };
  await comeToRest(opened);
  return { counts, recording: opened.tell() };
};
