import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import {
  type Asked,
  big,
  directWins,
  type Fraction,
  following,
  inPeriod,
  monthsOf,
  near,
  newest,
  newWin,
  startOfMonth,
  type World,
  wins,
} from './recomputed-terms.ts';

const customersOf = (facts: readonly Fact[], quarter: string): ReadonlyMap<string, bigint> => {
  const revenue = facts.filter((f) => f.kind === 'customer.revenue' && f.quarter === quarter);
  return new Map(
    [...Map.groupBy(revenue, (f) => f.about ?? '')].map(([who, theirs]) => [who, big(theirs.map((f) => f.value))]),
  );
};

export const ofCustomers = (
  world: World,
  asked: Asked,
  group: readonly PartnerFacts[],
): Readonly<Record<string, number>> => {
  const { period, quarter } = asked;
  const figures: Record<string, number> = {};
  const now = (facts: readonly Fact[]): readonly Fact[] => facts.filter((f) => inPeriod(f, asked, world.timeZone));
  const everything = now([...world.partners, world.company].flatMap(({ facts }) => facts));
  const told = (...kinds: readonly FactKindId[]): boolean => everything.some(({ kind }) => kinds.includes(kind));
  const n = (facts: readonly Fact[], kind: FactKindId): bigint =>
    BigInt(now(facts).filter((f) => f.kind === kind).length);
  const tell = (id: string, part: bigint, whole: bigint): void => {
    if (whole > 0n) figures[id] = near([part * 100n, whole], 2);
  };
  const ours = group.flatMap(({ facts }) => facts);
  const all = world.partners.flatMap(({ facts }) => facts);
  const direct = world.company.facts;
  const won = n(all, newWin) + n(direct, 'direct.won.new');
  if (told('customer.attached') && told(...directWins, 'direct.lost'))
    tell('attach-rate', n(ours, 'customer.attached'), won);
  if (told('customer.attached.later') && told('customer.revenue'))
    tell(
      'attach-rate-later',
      n(ours, 'customer.attached.later'),
      n(all, 'customer.revenue') + n(direct, 'customer.revenue'),
    );
  tell('renewal-rate', n(ours, 'customer.renewed'), n(ours, 'customer.renewed') + n(ours, 'customer.churned'));
  tell(
    'direct-renewal-rate',
    n(direct, 'customer.renewed'),
    n(direct, 'customer.renewed') + n(direct, 'customer.churned'),
  );

  // Retention is by quarter; of a year, of its latest.
  if (told('customer.revenue') && (period === quarter || period === quarter.slice(0, 4))) {
    const yearBefore = `${Number(quarter.slice(0, 4)) - 1}${quarter.slice(4)}`;
    const kept = (owners: readonly PartnerFacts[], integrations?: (used: number | undefined) => boolean): Fraction => {
      let [part, whole] = [0n, 0n];
      for (const { facts } of owners) {
        const today = customersOf(facts, quarter);
        for (const [customer, paid] of customersOf(facts, yearBefore)) {
          const uses = facts.filter(
            (f) => f.kind === 'customer.integrations' && f.about === customer && f.quarter <= quarter,
          );
          if (paid <= 0n || (integrations && !integrations(newest(uses)?.value))) continue;
          [part, whole] = [part + (today.get(customer) ?? 0n), whole + paid];
        }
      }
      return [part, whole];
    };
    tell('net-revenue-retention', ...kept(group));
    tell('direct-net-revenue-retention', ...kept([world.company]));
    for (const band of [0, 1, 2]) tell(`net-revenue-retention-${band}`, ...kept(group, (used) => used === band));
    const many = kept(group, (used) => used !== undefined && used >= 3);
    const few = kept(group, (used) => used !== undefined && used < 3);
    tell('net-revenue-retention-3', ...many);
    tell('integration-retention-lift', many[0] * few[1] - few[0] * many[1], many[1] * few[1]);
  }

  const end = startOfMonth(following(monthsOf(quarter, quarter).at(-1) ?? ''), world.timeZone);
  // Apps: each partner has as many as its facts are about.
  const appOf = (f: Fact): string => `${f.partnerId}|${f.about ?? ''}`;
  const installed = [
    ...Map.groupBy(
      ours.filter((f) => f.kind === 'integration.installs' && f.at < end),
      appOf,
    ),
  ];
  const removed = now(ours).filter((f) => f.kind === 'integration.churned');
  const top = installed
    .map(([app, facts]) => [app.replace(/\|$/, '').replace('|', ' '), app, newest(facts)?.value ?? 0] as const)
    .sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 20);
  const gone = big(top.flatMap(([, app]) => removed.filter((f) => appOf(f) === app).map((f) => f.value)));
  const there = big(top.map(([, , installs]) => installs));
  tell('top-apps-churn', gone, (there + gone) * BigInt(monthsOf(period, quarter).length));
  const uptimes = [
    ...Map.groupBy(
      now(ours).filter((f) => f.kind === 'integration.uptime'),
      appOf,
    ).values(),
  ];
  const means = uptimes.map((facts) => near([big(facts.map((f) => f.value)), BigInt(facts.length)], 0));
  if (means.length > 0) figures['lowest-app-uptime'] = Math.min(...means) / 100;
  return figures;
};

export const ofCosts = (world: World, asked: Asked): Readonly<Record<string, number>> => {
  const { period, quarter, keep } = asked;
  if (keep || /^\d{4}-\d\d$/.test(period)) return {};
  const quarters = period.includes('Q')
    ? [period]
    : ['Q1', 'Q2', 'Q3', 'Q4'].map((q) => `${period}-${q}`).filter((q) => q <= quarter);
  if (quarters.some((each) => !world.costs[each])) return {};
  const figures: Record<string, number> = {};
  const costs = big(quarters.map((each) => world.costs[each]?.costMinor ?? 0));
  const sold = (of: readonly string[], kinds: readonly FactKindId[]): readonly Fact[] =>
    world.partners.flatMap(({ facts }) => facts.filter((f) => kinds.includes(f.kind) && of.includes(f.quarter)));
  const revenue = big(sold(quarters, wins).map(({ value }) => value));
  const customers = BigInt(sold(quarters, [newWin]).length);
  const profitTimesMillion = quarters.reduce((sum, each) => {
    const margin = BigInt(Math.round((world.costs[each]?.marginPercent ?? 0) * 10_000));
    return sum + big(sold([each], wins).map(({ value }) => value)) * margin;
  }, 0n);
  figures['program-costs'] = Number(costs);
  if (customers > 0n) figures['partner-cac'] = near([costs, customers], 0);
  if (costs > 0n) {
    figures['revenue-per-cost'] = near([revenue, costs], 2);
    const cost = costs * 1_000_000n;
    figures['return-on-gross-profit'] = near([(profitTimesMillion - cost) * 100n, cost], 2);
  }
  return figures;
};
