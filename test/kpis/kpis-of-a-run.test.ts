import { beforeAll, expect, it } from 'vitest';
import type { Fact } from '#shared/facts/fact.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { type PartnerFacts, tellProfile } from '#shared/facts/partner-facts.ts';
import { drive, start } from '#test/health/a-scoring-run.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { request } from '#test/support/every-door.ts';
import { manager } from '#test/support/people.ts';
import { asChecked, belongs } from './a-checked-world.ts';
import { aWorld } from './a-world.ts';
import { recomputed } from './recomputed.ts';

const program = aProgram({ timeZone: 'America/New_York' });
const at = '2027-01-05T09:00:00.000Z';
const seed = Number(process.env.SEED ?? 11);
const world = aWorld(seed, program);
const { quarter } = world;

/** What the table is told of a partner: the same, with the profile as a fact. */
const toldOf = ({ partnerId, profile, facts }: PartnerFacts): readonly Fact[] => [
  ...facts.filter(({ kind }) => kind !== 'partner.profile'),
  {
    partnerId,
    kind: 'partner.profile',
    quarter: '2024-Q4',
    id: '',
    value: 1,
    at: 1_730_000_000,
    about: tellProfile(profile),
  },
];

interface Summary {
  readonly partnerId: string;
  readonly score: number;
}

/** The world as it is once the run has given its scores. */
const scored = (summaries: readonly Summary[]): readonly PartnerFacts[] =>
  world.partners.map((partner) => {
    const { partnerId, facts } = partner;
    const given = summaries.find((each) => each.partnerId === partnerId);
    if (!given) return partner;
    const others = facts.filter((fact) => fact.kind !== 'health.score' || fact.quarter !== quarter);
    const value = Math.round(given.score * 10);
    return { ...partner, facts: [...others, { partnerId, kind: 'health.score', quarter, id: 'run', value, at: 0 }] };
  });

interface Row {
  readonly group: string;
  readonly period: string;
  readonly figures: readonly { kpi: string; value?: number; amount?: { amountMinor: number } }[];
}

const figuresIn = ({ figures }: Row) =>
  Object.fromEntries(
    figures.flatMap(({ kpi, value, amount }) => {
      const number = amount?.amountMinor ?? value;
      return number === undefined ? [] : [[kpi, number]];
    }),
  );

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(program);
  await putFacts([...world.partners.flatMap(toldOf), ...world.own.facts]);
});

it(`when a run of world ${seed} is complete, then every figure that is answered is what the facts come to`, async () => {
  await drive(await start({ quarter }, at), at);
  const health = await request({ operation: 'list-health', caller: manager, at, query: { quarter, limit: '100' } });
  const partners = scored(health.body.data as readonly Summary[]);
  expect((health.body.data as readonly Summary[]).length).toBeGreaterThan(3);
  const checked = asChecked({ partners, own: world.own }, {}, program.timeZone);
  let compared = 0;
  for (const groupBy of ['all', 'tier', 'type', 'region']) {
    for (const by of ['month', 'quarter', 'year']) {
      const { body } = await request({ operation: 'get-kpis', caller: manager, at, query: { quarter, groupBy, by } });
      for (const row of body.data as readonly Row[]) {
        const keep = groupBy === 'all' ? {} : { keep: belongs(`${groupBy}:${row.group}`) };
        const expected = recomputed(checked, { ...keep, period: row.period, quarter });
        expect(figuresIn(row), `${row.group} in ${row.period}`).toEqual(expected);
        compared += Object.keys(expected).length;
      }
    }
  }
  expect(compared).toBeGreaterThan(500);
});

it('when it runs again, then the same is answered', async () => {
  const ask = () => request({ operation: 'get-kpis', caller: manager, at, query: { quarter, groupBy: 'type' } });
  const first = await ask();
  await drive(await start({ quarter }, at), at);
  const second = await ask();
  expect(second.body.data).toEqual(first.body.data);
  expect(second.body.computed).not.toEqual(first.body.computed);
});
