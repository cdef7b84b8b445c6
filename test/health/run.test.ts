import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { nextQuarter } from '#shared/core/quarters.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { listFacts } from '#shared/facts/fact-store.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import { findHealth, getRevision, saveFinding } from '#shared/health/health-store.ts';
import { judgePartner, rulesOf } from '#shared/health/judge-partner.ts';
import { readProgressOf, stillThere } from '#shared/health/scoring-progress-store.ts';
import { getScoringRun } from '#shared/health/scoring-run-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { anActivePartner, spoil } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { adminOf, manager, otherManager, repOf } from '#test/support/people.ts';
import { factsOfEvents } from '#workflows/facts/facts-of-events.ts';
import { quarterToScore, scoreDay } from '#workflows/health/score-day.ts';
import { aFact, aProfile, aQuarter, ask, drive, reviewDay, run, start, tellFacts } from './a-scoring-run.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  const program = aProgram({ health: { ...aProgram().health, secondRater: true } });
  await publish(program);
  await publish(program, { version: 2, at: '2027-04-01T00:00:00.000Z' });
});

const partnerIn = async (of: string, ...facts: readonly Partial<Fact>[]): Promise<string> => {
  const partnerId = derivedId('ptr', randomUUID());
  const training: Partial<Fact> = { kind: 'training.completed', quarter: of, value: 1 };
  await putFacts([aProfile(partnerId), ...facts.map((fact) => aFact(partnerId, { ...training, ...fact }))]);
  return partnerId;
};

const healthOf = async (partnerId: string, of: string) => (await findHealth(partnerId, [of]))[0];
const runView = async (runId: string) => (await ask('get-scoring-run', { params: { runId } })).body;
const progressOf = async (runId: string) => (await runView(runId)).progress as Record<string, number>;
const publishIt = (quarter: string) => ask('publish-quarter', { params: { quarter }, body: {} });
const read = (partnerId: string, quarter: string, more: Parameters<typeof ask>[1] = {}) =>
  ask('get-health', { params: { partnerId, quarter }, ...more });

describe('a run', () => {
  test('scores every partner in the program; a second one finds in the facts that nothing has changed', async () => {
    const quarter = aQuarter();
    const [one, two] = [await partnerIn(quarter, {}), await partnerIn(quarter, {}, {}, {})];
    const applicant = derivedId('ptr', randomUUID());
    await putFacts([aProfile(applicant, 'applied')]);
    const first = await run({ quarter });
    const [before, other] = [await healthOf(one, quarter), await healthOf(two, quarter)];
    expect(before).toMatchObject({ revision: 1, runId: first, version: 1, status: 'scored' });
    expect(other?.digest).not.toBe(before?.digest);
    expect(await healthOf(applicant, quarter)).toBeUndefined();
    const { partners, changed } = await progressOf(first);
    expect(changed).toBe(partners);
    const unread = await run({ quarter });
    expect(await progressOf(unread)).toMatchObject({ partners, changed: 0, unchanged: partners, parked: 0 });
    await tellFacts(before?.id ?? '', other?.id ?? '');
    expect(await progressOf(await run({ quarter }))).toMatchObject({ changed: 0, unchanged: partners });
    expect(await healthOf(one, quarter)).toEqual(before);
    for (const id of [first, before?.id ?? '']) expect(brokenLink(await listEvents(id, 1, 50))).toBeUndefined();
    const { text } = await getRevision(before?.id ?? '', 1);
    expect(JSON.parse(text)).toMatchObject({ score: { points: before?.points } });
  });

  test('of a quarter that is being scored is refused with the one that is under way; of one to come at all', async () => {
    const quarter = aQuarter();
    const runId = await start({ quarter });
    const { status, body } = await ask('start-scoring-run', { body: { quarter } });
    expect({ status, ...body }).toMatchObject({ status: 409, code: 'scoring_run.already_running', runId });
    const { body: future } = await ask('start-scoring-run', { body: { quarter: '2027-Q1' } });
    expect(future).toMatchObject({ code: 'health.quarter_not_begun' });
  });

  test('is listed with those of its quarter, newest first, and among those under way until it is completed', async () => {
    const quarter = aQuarter();
    const first = await run({ quarter });
    const second = await start({ quarter }, '2026-07-03T10:00:00.000Z');
    const list = async (query: Record<string, string>) => {
      const { data, nextCursor } = (await ask('list-scoring-runs', { query: { quarter, ...query } })).body;
      return { ids: (data as { id: string }[]).map(({ id }) => id), nextCursor };
    };
    expect(await list({})).toEqual({ ids: [second, first], nextCursor: null });
    expect(await list({ status: 'running' })).toMatchObject({ ids: [second] });
    expect(await list({ status: 'completed' })).toMatchObject({ ids: [first] });
    const { ids, nextCursor } = await list({ limit: '1' });
    expect(ids).toEqual([second]);
    expect(await list({ limit: '1', cursor: String(nextCursor) })).toEqual({ ids: [first], nextCursor: null });
    await drive(second);
  });

  test('parks a partner whose facts cannot be added up, with the reason, and scores the others', async () => {
    const quarter = aQuarter();
    const huge = { value: 9_007_199_254_740_991 };
    const [poisoned, well] = [await partnerIn(quarter, huge, huge), await partnerIn(quarter, {})];
    const view = await runView(await run({ quarter }));
    expect(view).toMatchObject({ status: 'completed', progress: { parked: 1 } });
    expect(view.parkedPartners).toEqual([{ partnerId: poisoned, reason: expect.stringContaining('too much') }]);
    expect(await healthOf(well, quarter)).toBeDefined();
    expect(await healthOf(poisoned, quarter)).toBeUndefined();
    // Nor does it stand in the way of any later run in this file.
    await putFacts([aProfile(poisoned, 'terminated'), { ...aProfile(poisoned, 'terminated'), rank: 9 }]);
  });

  test('parks a partner whose record cannot be read, and scores the others', async () => {
    const quarter = aQuarter();
    const [unreadable, well] = [await anActivePartner(), await anActivePartner()];
    await putFacts([unreadable, well].map((partnerId) => aProfile(partnerId)));
    await spoil(unreadable);
    const view = await runView(await run({ quarter }));
    expect(view).toMatchObject({ status: 'completed', progress: { parked: 1 } });
    expect(view.parkedPartners).toEqual([{ partnerId: unreadable, reason: expect.stringContaining('types') }]);
    expect(await healthOf(well, quarter)).toBeDefined();
    await putFacts([{ ...aProfile(unreadable, 'terminated'), rank: 9 }]);
  });

  test('writes nothing any more by a worker that was overtaken, perhaps long ago', async () => {
    const quarter = aQuarter();
    const partnerId = await partnerIn(quarter, {});
    const runId = await start({ quarter });
    const begun = await readProgressOf(runId, 0, reviewDay);
    await drive(runId);
    const found = await healthOf(partnerId, quarter);
    const late = judgePartner(partnerFacts(partnerId, quarter, [aProfile(partnerId)]), rulesOf(aProgram()));
    const about = { run: await getScoringRun(runId), fence: stillThere(runId, begun), now: reviewDay };
    if (!late) throw new Error('The partner is in no program.');
    expect(late.digest).not.toBe(found?.digest);
    await expect(saveFinding(late, about)).rejects.toMatchObject({ code: 'version.stale' });
    expect(await healthOf(partnerId, quarter)).toEqual(found);
  });

  test('that is driven twice at once does everything once', async () => {
    const quarter = aQuarter();
    const partners = await Promise.all([1, 2, 3, 4].map(() => partnerIn(quarter, {}, {})));
    const runId = await start({ quarter });
    await Promise.allSettled([drive(runId), drive(runId), drive(runId)]);
    await drive(runId);
    expect(await runView(runId)).toMatchObject({ status: 'completed', progress: { unchanged: 0, parked: 0 } });
    for (const partnerId of partners) expect(await healthOf(partnerId, quarter)).toMatchObject({ version: 1 });
  });
});

interface Told {
  readonly history: readonly { readonly score: number }[];
  readonly change?: number;
  readonly won?: unknown;
  readonly lost?: unknown;
}

describe('publication', () => {
  test('shows partners what was a draft; what changes afterwards is a revision with a reason, and the first stays to the byte', async () => {
    const quarter = aQuarter();
    const [partnerId, other] = [await partnerIn(quarter, {}), await partnerIn(quarter, {})];
    expect((await publishIt(quarter)).body).toMatchObject({ code: 'health.not_scored' });
    await run({ quarter });
    const own = { caller: repOf(partnerId) };
    expect((await read(partnerId, quarter, own)).status).toBe(404);
    expect((await read(partnerId, quarter)).body).toMatchObject({ status: 'draft', revision: 1 });
    const draft = (await ask('list-health', { query: { quarter }, ...own })).body;
    expect(draft).toMatchObject({ data: [] });
    await putFacts([aFact(partnerId, { kind: 'training.completed', quarter, value: 2 })]);
    await run({ quarter });
    expect((await publishIt(quarter)).body).toMatchObject({ status: 'published', quarter });
    expect((await publishIt(quarter)).body).toMatchObject({ code: 'health.already_published' });
    // The next quarter looks back on it.
    const next = nextQuarter(quarter);
    await run({ quarter: next });
    await publishIt(next);
    const published = (await read(partnerId, quarter, own)).body;
    expect(published).toMatchObject({ status: 'published', revision: 1 });
    expect((await read(partnerId, quarter, { caller: adminOf(other) })).status).toBe(404);

    expect((await ask('start-scoring-run', { body: { quarter } })).body).toMatchObject({
      code: 'scoring_run.reason_required',
    });
    await putFacts([aFact(partnerId, { kind: 'training.completed', quarter, value: 5 })]);
    const reason = 'Trainings of May were reported late.';
    const runId = await start({ quarter, reason });
    expect((await publishIt(quarter)).status).toBe(409);
    const shown = async () => {
      const [line] = (await ask('list-health', { query: { quarter }, ...own })).body.data as Record<string, unknown>[];
      const weak = await ask('list-health', { query: { quarter, band: 'developing' }, ...own });
      const { body: after } = await read(partnerId, next, own);
      const { history, change, won, lost } = after as unknown as Told;
      const isWeak = (weak.body.data as readonly unknown[]).length;
      return { revision: line?.revision, score: line?.score, isWeak, before: history[0], change, won, lost };
    };
    const before = await shown();
    expect(before).toMatchObject({ revision: 1, score: published.score, before: { score: published.score } });
    await drive(runId, reviewDay, false);
    // A partner sees nothing of what is still computed; staff do.
    expect((await healthOf(partnerId, quarter))?.revision).toBe(2);
    expect(await shown()).toEqual(before);
    expect((await read(partnerId, quarter, own)).body).toMatchObject({ revision: 1, score: published.score });
    expect((await read(partnerId, quarter)).body).toMatchObject({ revision: 2 });
    await drive(runId);
    expect((await shown()).revision).toBe(2);
    expect((await shown()).before?.score).not.toBe(published.score);
    const corrected = (await read(partnerId, quarter, own)).body;
    expect(corrected).toMatchObject({ revision: 2, reason, revisions: [{ revision: 1 }, { revision: 2, reason }] });
    expect(await healthOf(other, quarter)).toMatchObject({ revision: 1 });
    const { body: first } = await read(partnerId, quarter, { ...own, query: { revision: '1' } });
    expect({ ...first, revisions: [], version: 0 }).toEqual({ ...published, revisions: [], version: 0 });
    expect((await ask('list-health', { query: { quarter }, ...own })).body.data).toEqual([
      expect.objectContaining({ partnerId, revision: 2 }),
    ]);
  });

  test.each([
    ['0000-Q1', 400],
    ['0999-Q4', 400],
    ['1000-Q1', 404],
    ['9999-Q4', 404],
  ])('of %s is asked for, and answered with %s', async (quarter, status) => {
    const { body } = await read(derivedId('ptr', 'nobody'), quarter);
    expect(body.status).toBe(status);
  });

  test('is for quarters that have ended', async () => {
    const quarter = '2026-Q3';
    await run({ quarter });
    expect((await publishIt(quarter)).body).toMatchObject({ code: 'health.quarter_not_ended' });
  });

  test('tells the history of up to eight quarters', async () => {
    const quarters = ['2009-Q4', '2010-Q1', '2010-Q2'];
    const partnerId = await partnerIn('2009-Q4', {});
    await putFacts([aFact(partnerId, { kind: 'training.completed', quarter: '2010-Q2', value: 9 })]);
    for (const quarter of quarters) await run({ quarter });
    const { body } = await read(partnerId, '2010-Q2');
    const history = body.history as readonly { quarter: string; score: number }[];
    expect(history.map(({ quarter }) => quarter)).toEqual(quarters);
    const [before, last] = history.slice(-2).map(({ score }) => score);
    expect(body.change).toBeCloseTo((last ?? 0) - (before ?? 0));
    const listed = (await ask('list-health', { query: { quarter: '2010-Q2', limit: '100' } })).body.data;
    const scores = (listed as readonly { score: number }[]).map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
  });
});

describe('an assessment', () => {
  const judge = (partnerId: string, body: Record<string, unknown>, more: Parameters<typeof ask>[1] = {}) =>
    ask('assess-partner', { params: { partnerId, quarter: '2026-Q2' }, body, ...more });

  test('is of two people where the program says so, tells where they disagree, and becomes facts of its quarter', async () => {
    const partnerId = await anActivePartner();
    const first = await judge(partnerId, {
      relationship: { score: 5, note: 'Splendid.' },
      transparency: { score: 2, note: 'Told us late.' },
    });
    expect(first.status).toBe(200);
    expect((await judge(partnerId, { relationship: { score: 1, note: '-' } })).status).toBe(428);
    const second = await judge(
      partnerId,
      { consistency: { score: 2, note: 'I waited for weeks.' } },
      { caller: otherManager, ifMatch: 1 },
    );
    expect(second.body).toMatchObject({
      disagreements: ['consistency'],
      ratings: [{ by: manager.id }, { by: otherManager.id }],
    });
    const third = { caller: { ...manager, id: 'usr_third' }, ifMatch: 2 };
    expect((await judge(partnerId, { consistency: { score: 3, note: '-' } }, third)).body).toMatchObject({
      code: 'assessment.already_rated',
    });
    await judge(partnerId, { transparency: { score: 4, note: 'Better.' } }, { ifMatch: 2 });
    const id = String(first.body.id);
    await tellFacts(id);
    // An old event that comes again changes nothing.
    await putFacts(await factsOfEvents(await listEvents(id, 1, 1)));
    const facts = await listFacts(partnerId, { from: '2026-Q2', to: '2026-Q2' });
    const judged = facts.filter(({ kind }) => kind === 'health.assessed').map(({ id: of, value }) => [of, value]);
    expect(Object.fromEntries(judged)).toMatchObject({ 'consistency.1': 5, 'transparency.1': 4, 'consistency.2': 2 });
    const read_ = await ask('get-assessment', { params: { partnerId, quarter: '2026-Q2' } });
    expect(read_.body).toMatchObject({ version: 3 });
    expect(JSON.stringify(await listEvents(id, 1, 10))).not.toContain('Told us late');
  });

  test('of what nobody is asked about is refused', async () => {
    const { body } = await judge(await anActivePartner(), { charm: { score: 5, note: '-' } });
    expect(body).toMatchObject({ code: 'assessment.unknown_signal', errors: [{ pointer: '#/charm' }] });
  });
});

describe('the schedule', () => {
  test.each([
    ['2026-07-02', undefined],
    ['2026-07-03', '2026-Q2'],
    ['2026-09-30', '2026-Q2'],
    ['2027-01-03', '2026-Q4'],
  ])('on %s asks for %s', (today, expected) => {
    expect(quarterToScore(today, aProgram())).toBe(expected);
  });

  test('starts one run of the quarter before, however often it looks', async () => {
    await scoreDay('2026-07-02T06:30:00.000Z');
    await scoreDay(reviewDay);
    await scoreDay('2026-07-04T06:30:00.000Z');
    const { body } = await ask('start-scoring-run', { body: { quarter: '2026-Q2' } });
    expect(body).toMatchObject({ runId: derivedId('scr', 'score-quarter', '2026-Q2') });
  });
});

test('a version that begins with a quarter judges that one, and not the quarter before it', async () => {
  const at = '2027-04-03T06:30:00.000Z';
  await scoreDay(at);
  const runs = [derivedId('scr', 'score-quarter', '2027-Q1')];
  for (const runId of runs) await drive(runId, at);
  runs.push(await start({ quarter: '2027-Q1' }, at), await start({ quarter: '2027-Q2' }, at));
  const versions = await Promise.all(runs.map(async (runId) => (await getScoringRun(runId)).programVersion));
  expect(versions).toEqual([1, 1, 2]);
});

describe('tiers', () => {
  test('follow from the same run, at once and once', async () => {
    const [quarter, later] = ['2026-Q3', '2026-10-03T09:00:00.000Z'];
    const partnerId = await anActivePartner();
    await tellFacts(partnerId);
    const at = Date.parse('2026-08-15T12:00:00.000Z') / 1000;
    await putFacts([aFact(partnerId, { quarter, at, value: 12_000_000 })]);
    await run({ quarter }, later);
    const { tier, version } = await getPartner(partnerId);
    expect(tier).toBe('gold');
    await run({ quarter }, later);
    expect(await getPartner(partnerId)).toMatchObject({ tier, version });
  });

  test('follow from a quarter that was scored before it ended and has not changed since, whether facts tell of its score or not yet', async () => {
    const [quarter, early, later] = ['2026-Q4', '2026-11-20T09:00:00.000Z', '2027-01-03T09:00:00.000Z'];
    const partners = [await anActivePartner(), await anActivePartner()];
    const tiers = async () => Promise.all(partners.map(async (id) => (await getPartner(id)).tier));
    await tellFacts(...partners);
    const at = Date.parse('2026-11-15T12:00:00.000Z') / 1000;
    await putFacts(partners.map((partnerId) => aFact(partnerId, { quarter, at, value: 12_000_000 })));
    await run({ quarter }, early);
    const before = await Promise.all(partners.map((id) => healthOf(id, quarter)));
    expect(await tiers()).toEqual(['authorized', 'authorized']);
    await tellFacts(before[0]?.id ?? '');
    await run({ quarter }, later);
    expect(await tiers()).toEqual(['gold', 'gold']);
    expect(await Promise.all(partners.map((id) => healthOf(id, quarter)))).toEqual(before);
  });
});
