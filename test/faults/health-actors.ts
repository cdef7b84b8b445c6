import type { Caller } from '#shared/core/caller.ts';
import { previousQuarter, quarterOf } from '#shared/core/quarters.ts';
import { admin, adminOf, manager, otherManager, repOf } from '#test/support/people.ts';
import { type Act, type Actor, actor, day, dayMs, listEvents, pickFrom, type Stage } from './actors.ts';
import { letOthersGo, register, win } from './money-actors.ts';
import { type Mark, marks, partnerOf } from './people-of-a-history.ts';
import { integration } from './start-of-health.ts';
import type { Statuses } from './waiting-room.ts';

/** What people do about quarters: integrations report facts, managers judge, start runs side by side, publish, correct and place tiers. */
const quarterNow = ({ now }: Stage): string => quarterOf(day(now()), 1);

/** Mostly the last one; else the one before, or the one that goes on. */
const someQuarter = (stage: Stage): string => {
  const running = quarterNow(stage);
  const last = previousQuarter(running);
  return stage.prng.pick([last, last, last, last, previousQuarter(last), running]);
};

interface Row {
  readonly kind: string;
  readonly value?: number;
  readonly unit?: string;
  readonly currency?: string;
  readonly about?: string;
}

/** What can be told, with a value that a number makes. */
const tellable: readonly ((number: number) => Row)[] = [
  (number) => ({ kind: 'certified.people', value: number % 9 }),
  (number) => ({ kind: 'certified.people', value: (number * 5) % 9 }),
  (number) => ({ kind: 'training.completed', value: 1 + (number % 4) }),
  (number) => ({ kind: 'nps.answer', value: number % 11 }),
  (number) => ({ kind: 'lead.accepted', value: number % 60 }),
  () => ({ kind: 'lead.sent' }),
  (number) => ({ kind: 'overlap.customers', value: number % 25 }),
  (number) => ({ kind: 'integration.installs', value: number * 3, about: number % 2 === 0 ? 'app' : 'other-app' }),
  (number) => ({ kind: 'customer.revenue', value: number * 1_000, currency: 'USD', about: `customer-${number % 3}` }),
  (number) => ({ kind: 'direct.won.new', value: number * 10_000, currency: 'USD' }),
];

const wrong: readonly Row[] = [
  { kind: 'deal.liked' },
  { kind: 'deal.approved', value: 1, currency: 'USD' },
  { kind: 'lead.accepted', value: 3, unit: 'money' },
  { kind: 'direct.won.new', value: 3, currency: 'EUR' },
];

const ofNobody = /^direct\./;

/** A fact that follows from its number, so that whoever tells it again tells the same; or not quite. */
const rowOf = ({ prng, now }: Stage, number: number) => {
  const told = tellable[number % tellable.length]?.(number) ?? { kind: 'lead.sent' };
  const { value, ...row } = prng.chance(0.06) ? prng.pick(wrong as readonly [Row, ...Row[]]) : told;
  const isOther = prng.chance(0.06);
  // Within the two quarters that have ended and what is known of the present one, at few instants: some meet.
  const at = Date.parse('2026-01-15T00:00:00.000Z') + (number % 12) * 14 * dayMs;
  const mark = marks[number % marks.length] ?? marks[0];
  return {
    id: `fact-${number}`,
    ...row,
    ...(value === undefined ? {} : { value: isOther ? value + 1 : value }),
    ...(ofNobody.test(row.kind) ? {} : { partnerId: prng.chance(0.02) ? 'ptr_NOBODY' : partnerOf(mark) }),
    occurredAt: new Date(prng.chance(0.02) ? now() + dayMs : at).toISOString(),
  };
};

/** A few at once, of which others tell the same at the same time; now and then one that is new for everybody. */
const report: Act = async (stage, caller) => {
  const { requester, prng, beside } = stage;
  const first = prng.int(40);
  const facts = Array.from({ length: 1 + prng.int(5) }, (_, index) => rowOf(stage, first + index));
  const wanted = { operation: 'report-facts', body: { source: 'crm', facts } } as const;
  if (prng.chance(0.3)) beside(async () => void (await requester.request({ ...wanted, caller: admin })));
  return requester.request({ ...wanted, caller });
};

/** What holds changes today: a tier may follow. */
const reportToday: Act = ({ requester, prng, now }, caller) => {
  const value = prng.pick([0, 2, 3, 5, 6, 8]);
  const occurredAt = new Date(now() - prng.int(3) * 3_600_000).toISOString();
  const about = { kind: 'certified.people', partnerId: partnerOf(prng.pick(marks)), value, occurredAt };
  const body = { source: 'academy', facts: [{ ...about, id: `today-${prng.int(1_000_000)}` }] };
  return requester.request({ operation: 'report-facts', caller, body });
};

const start = async (stage: Stage, caller: Caller, quarter: string): Promise<void> => {
  const { requester, prng, known } = stage;
  const body = { quarter, ...(prng.chance(0.6) ? { reason: 'Something came late.' } : {}) };
  const reply = await requester.request({ operation: 'start-scoring-run', caller, body });
  if (reply?.status === 201) known.runs.set(String(reply.body.id), { status: '', period: quarter });
};

/** Often the other manager starts one too, of the same quarter or of another. */
const startRun: Act = async (stage, caller) => {
  const { prng, beside } = stage;
  const quarter = someQuarter(stage);
  const other = caller === manager ? otherManager : manager;
  if (prng.chance(0.4)) beside(() => start(stage, other, prng.chance(0.5) ? quarter : someQuarter(stage)));
  await start(stage, caller, quarter);
};

/** Whether something of that kind is there, or in that status. */
const isThere =
  (prefix: string, wanted?: string) =>
  (statuses: Statuses): boolean =>
    [...statuses].some(([key, status]) => key.startsWith(prefix) && (wanted ?? status) === status);

/** Mostly one waits until a quarter was scored, and publishes that one. */
const publish: Act = async (stage, caller) => {
  const { requester, prng, until, known } = stage;
  const scored = new Set<string>();
  const isScored = (statuses: Statuses): boolean => {
    for (const [id, { period }] of known.runs) if (statuses.get(`${id} run`) === 'completed') scored.add(period);
    return scored.size > 0;
  };
  if (prng.chance(0.8)) await until(isScored);
  const quarter = pickFrom(prng, [...scored]) ?? someQuarter(stage);
  const body = prng.chance(0.5) ? { note: 'As discussed.' } : {};
  await requester.request({ operation: 'publish-quarter', caller, params: { quarter }, body });
};

const judgeable = ['consistency', 'responsiveness', 'relationship', 'value-proposition', 'transparency'] as const;

const assess: Act = async (stage, caller) => {
  const { requester, prng } = stage;
  const params = { partnerId: partnerOf(prng.pick(marks)), quarter: someQuarter(stage) };
  const seen = await requester.request({ operation: 'get-assessment', caller, params });
  const judged = Array.from({ length: 1 + prng.int(2) }, () => prng.pick(judgeable));
  const body = Object.fromEntries(judged.map((id) => [id, { score: 1 + prng.int(5), note: 'Seen.' }]));
  const known = seen?.status === 200 && seen.version !== undefined ? { ifMatch: seen.version } : {};
  await requester.request({ operation: 'assess-partner', caller, params, body, ...known });
};

/** What is published is judged anew, and computed again with a reason. */
const correct: Act = async (stage, caller, mark) => {
  const { prng, until } = stage;
  if (prng.chance(0.8)) await until(isThere('qrv_'));
  await assess(stage, caller, mark);
  await letOthersGo(stage, prng.int(30));
  await start(stage, caller, someQuarter(stage));
};

/** The clock comes twice, or twice at once. */
const comeTwice: Act = async (stage) => {
  if (stage.prng.chance(0.5)) await stage.passTo(stage.now() + dayMs);
  stage.beside(() => stage.schedule('score-quarter'));
  if (stage.prng.chance(0.5)) await letOthersGo(stage, stage.prng.int(40));
  await stage.schedule('score-quarter');
};

/** A person says which tier it is, and maybe until when. */
const placeTier: Act = async (stage, caller) => {
  const { requester, prng, now } = stage;
  const params = { partnerId: partnerOf(prng.pick(marks)) };
  const seen = await requester.request({ operation: 'get-partner', caller, params });
  if (!seen?.version) return;
  const until = prng.chance(0.4) ? { tierUntil: day(now() + (1 + prng.int(60)) * dayMs) } : {};
  const body = { tier: prng.pick(['authorized', 'gold', 'platinum']), reason: 'Because.', ...until };
  await requester.request({ operation: 'update-partner', caller, params, body, ifMatch: seen.version });
};

/** The time of notices goes by. */
const letNoticesPass: Act = async (stage) => {
  await stage.until(isThere('hlt_'));
  await stage.passTo(stage.now() + stage.prng.pick([3, 31, 62, 92] as const) * dayMs);
  await stage.sweep();
};

const appeal: Act = async ({ requester }, caller, mark) => {
  const params = { partnerId: partnerOf(mark) };
  await requester.request({ operation: 'appeal-tier', caller, params, body: { reason: `No, ${mark}` } });
};

const look: Act = async (stage, caller, mark) => {
  const { requester, prng, known, until } = stage;
  if (prng.chance(0.6)) await until(isThere('qrv_'));
  const runId = pickFrom(prng, [...known.runs.keys()]);
  const quarter = someQuarter(stage);
  switch (prng.pick(['health', 'health', 'list', 'run'])) {
    case 'health': {
      const params = { partnerId: partnerOf(prng.chance(0.9) ? mark : prng.pick(marks)), quarter };
      const query = prng.chance(0.2) ? { revision: '1' } : {};
      return requester.request({ operation: 'get-health', caller, params, query });
    }
    case 'list':
      return requester.request({ operation: 'list-health', caller, query: { quarter, limit: '10' } });
    case 'run':
      return runId && requester.request({ operation: 'get-scoring-run', caller, params: { runId } });
  }
};

const busy = (
  caller: Caller & { readonly id: string },
  mark: Mark,
  about: { readonly acts: number; readonly can: readonly [Act, ...Act[]] },
): Actor => ({ ...actor(caller.id, mark, [caller, about.can]), acts: about.acts });

const ofManagers = [startRun, startRun, assess, assess, correct, win, look, placeTier] as const;

/** Eleven people, two integrations and the clock: two of each partner, two managers who do several things at once, an administrator. */
export const healthActors = (): readonly Actor[] => [
  ...marks.flatMap((mark) => [
    busy(repOf(partnerOf(mark)), mark, { acts: 1, can: [look, look, register] }),
    busy(adminOf(partnerOf(mark)), mark, { acts: 0, can: [look, appeal, listEvents] }),
  ]),
  busy(manager, marks[0], { acts: 1, can: [startRun] }),
  busy(manager, marks[0], { acts: 1, can: ofManagers }),
  busy(otherManager, marks[1], { acts: 2, can: ofManagers }),
  busy(manager, marks[2], { acts: 0, can: [publish, correct] }),
  busy(otherManager, marks[2], { acts: 1, can: [publish] }),
  busy(integration('one'), marks[0], { acts: 2, can: [report] }),
  busy(integration('two'), marks[1], { acts: 1, can: [report, reportToday] }),
  busy(admin, marks[2], { acts: 0, can: [comeTwice, letNoticesPass] }),
];
