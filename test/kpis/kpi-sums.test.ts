import { describe, expect, it } from 'vitest';
import { company } from '#shared/facts/fact.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { judgePartner, rulesOf } from '#shared/health/judge-partner.ts';
import { lookedAtIn } from '#shared/health/looked-at.ts';
import { kpiDefinitions } from '#shared/kpis/kpi-definitions.ts';
import { kpiIds } from '#shared/kpis/kpi-ids.ts';
import { groupRows, type KpiPeriod, look, periodNames, rowsOf } from '#shared/kpis/kpi-rows.ts';
import { addToSums, type KpiSums, mergeSums, noSums } from '#shared/kpis/kpi-sums.ts';
import { measuresOf } from '#shared/kpis/measures-of.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { exampleSource } from '#test/program/example-files.ts';
import { asChecked, belongs, costsFor } from './a-checked-world.ts';
import { aWorld, shuffled } from './a-world.ts';
import { recomputed } from './recomputed.ts';

const program = { ...parseProgram(exampleSource), timeZone: 'America/New_York', fiscalYearStart: 1 };
const worlds = Number(process.env.KPI_WORLDS ?? 8);
const seeds = Array.from({ length: worlds }, (_, index) => index + Number(process.env.SEED ?? 1));

const sumsOf = (partners: readonly PartnerFacts[]): KpiSums => {
  const sums = noSums();
  for (const partner of partners) addToSums(sums, partner, program);
  return sums;
};

const asWorld = (world: ReturnType<typeof aWorld>, costs: ReturnType<typeof costsFor>) =>
  asChecked(world, costs, program.timeZone);

const figuresIn = (row: { readonly figures: ReturnType<typeof rowsOf>[number]['figures'] } | undefined) =>
  Object.fromEntries((row?.figures ?? []).flatMap((figure) => ('value' in figure ? [[figure.kpi, figure.value]] : [])));

/** One that did nothing after it came, but leave. */
const asLeft = (partner: PartnerFacts): PartnerFacts => ({
  ...partner,
  profile: { ...partner.profile, status: 'terminated' },
  facts: partner.facts.filter(({ kind }) => kind !== 'partner.activated'),
});

describe('sums of a quarter', () => {
  it.each(seeds)(
    'when every figure of world %i is computed from its sums, then it is what its facts come to',
    (seed) => {
      const world = aWorld(seed, program);
      const { quarter, partners, own } = world;
      const costs = costsFor(seed % 3 === 0 ? [] : ['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']);
      const entered = new Map(
        Object.entries(costs).map(([of, { costMinor, marginPercent }]) => [
          of,
          { costs: [{ kind: 'people' as const, amount: { amountMinor: costMinor, currency: 'USD' } }], marginPercent },
        ]),
      );
      const looked = look({ quarter, sums: sumsOf([...partners, own]), costs: entered, calendar: program });
      for (const by of ['month', 'quarter', 'year'] as const) {
        const rows = [
          ...groupRows(looked, by, 'all'),
          ...groupRows(looked, by, 'tier'),
          ...groupRows(looked, by, 'type'),
        ];
        for (const row of [...rows, ...groupRows(looked, by, 'region')]) {
          const keep = row.group === 'all' ? {} : { keep: belongs(row.group) };
          const expected = recomputed(asWorld(world, costs), { ...keep, period: row.period, quarter });
          expect(figuresIn(row), `${row.group} in ${row.period}`).toEqual(expected);
        }
        expectPartners(looked, by, world);
      }
    },
  );

  const expectPartners = (looked: Parameters<typeof rowsOf>[0], by: KpiPeriod, world: ReturnType<typeof aWorld>) => {
    for (const partner of world.partners.slice(0, 3)) {
      const rows = rowsOf(looked, by, { group: partner.partnerId, measures: measuresOf(partner, program) });
      for (const [index, period] of periodNames(looked, by).entries()) {
        const keep = ({ partnerId }: PartnerFacts) => partnerId === partner.partnerId;
        const expected = recomputed(asWorld(world, {}), { keep, period, quarter: looked.quarter });
        expect(figuresIn(rows[index]), `${partner.partnerId} in ${period}`).toEqual(expected);
      }
    }
  };

  it.each(seeds)(
    'when partners of world %i come in any order and in any parts, then their sums are the same',
    (seed) => {
      const { partners, own, roll } = aWorld(seed, program);
      const whole = sumsOf([...partners, own]);
      for (let round = 0; round < 3; round += 1) {
        const parts: PartnerFacts[][] = Array.from({ length: 1 + roll(6) }, () => []);
        for (const partner of shuffled([...partners, own], roll))
          parts[roll(parts.length)]?.push({ ...partner, facts: shuffled(partner.facts, roll) });
        const sums = parts.map(sumsOf).map((part): KpiSums => JSON.parse(JSON.stringify(part)));
        const forwards = sums.reduce(mergeSums, noSums());
        const backwards = sums.reduceRight((later, part) => mergeSums(part, later), noSums());
        expect(forwards).toEqual(whole);
        expect(backwards).toEqual(whole);
      }
    },
  );

  it.each(seeds)(
    'when facts of world %i that a run does not look at are left out, then what it finds and adds up is the same',
    (seed) => {
      const world = aWorld(seed, program);
      const rules = rulesOf(program);
      const left = ['2026-Q2', '2026-Q4'].flatMap((quarter) =>
        [...world.partners, ...world.partners.map(asLeft), world.own].map((partner) => {
          const all = { ...partner, quarter };
          const kept = { ...all, facts: all.facts.filter(lookedAtIn(quarter, rules)) };
          expect(judgePartner(kept, rules)).toEqual(judgePartner(all, rules));
          expect(measuresOf(kept, program)).toEqual(measuresOf(all, program));
          return all.facts.length - kept.facts.length;
        }),
      );
      expect(left.reduce((sum, each) => sum + each)).toBeGreaterThan(10);
    },
  );

  it('when there are more partners, then the sums grow by numbers and not by entries', () => {
    const { partners } = aWorld(7, program);
    const sizeOf = (copies: number): number =>
      JSON.stringify(
        sumsOf(
          Array.from({ length: copies }, (_, copy) =>
            partners.map((partner): PartnerFacts => {
              const partnerId = `${partner.partnerId}-${copy}`;
              return { ...partner, partnerId, facts: partner.facts.map((fact) => ({ ...fact, partnerId })) };
            }),
          ).flat(),
        ),
      ).length;
    expect(sizeOf(80) / sizeOf(20)).toBeLessThan(1.1);
  });

  it('when a KPI is defined, then programs may name it, and no other', () => {
    expect(kpiDefinitions.map(({ id }) => id)).toEqual(Object.keys(kpiIds));
  });

  it('when facts are the company’s own, then they stand in no group of partners', () => {
    const { own } = aWorld(3, program);
    expect(Object.keys(sumsOf([own]))).toEqual([company]);
  });
});
