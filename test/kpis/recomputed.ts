import type { Fact } from '#shared/facts/fact.ts';
import { type FactKindId, kindOf } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { ofCosts, ofCustomers } from './recomputed-customers.ts';
import {
  type Asked,
  big,
  directWins,
  type Fraction,
  following,
  helped,
  inPeriod,
  monthsOf,
  near,
  newest,
  newWin,
  startOfMonth,
  type World,
  wins,
} from './recomputed-terms.ts';

/** All figures of a group in a period; those that cannot be known are left out. */
export const recomputed = (world: World, asked: Asked): Readonly<Record<string, number>> => {
  const group = world.partners.filter(asked.keep ?? (() => true));
  const figures: Record<string, number> = {};
  const now = (facts: readonly Fact[]): readonly Fact[] => facts.filter((f) => inPeriod(f, asked, world.timeZone));
  const ours = now(group.flatMap(({ facts }) => facts));
  const everybodys = now(world.partners.flatMap(({ facts }) => facts));
  const direct = now(world.company.facts);
  const those = (facts: readonly Fact[], kinds: readonly FactKindId[]): readonly Fact[] =>
    facts.filter(({ kind }) => kinds.includes(kind));
  const n = (facts: readonly Fact[], ...kinds: readonly FactKindId[]): bigint => BigInt(those(facts, kinds).length);
  const v = (facts: readonly Fact[], ...kinds: readonly FactKindId[]): bigint =>
    big(those(facts, kinds).map(({ value }) => value));
  const told = (...kinds: readonly FactKindId[]): boolean => n([...everybodys, ...direct], ...kinds) > 0n;
  const tell = (id: string, [part, whole]: Fraction, decimals: number): void => {
    if (whole > 0n) figures[id] = near([part, whole], decimals);
  };
  const percent = (id: string, part: bigint, whole: bigint): void => tell(id, [part * 100n, whole], 2);

  // Leads.
  if (told('lead.sent')) {
    tell('leads-sent', [n(ours, 'lead.sent'), 1n], 0);
    for (const step of ['accepted', 'converted', 'won'] as const)
      if (told(`lead.${step}`)) percent(`leads-${step}`, n(ours, `lead.${step}`), n(ours, 'lead.sent'));
  }

  // Revenue and pipeline.
  const [sourced, all] = [v(ours, ...wins), v(everybodys, ...wins)];
  tell('net-new-customers', [n(ours, newWin), 1n], 0);
  tell('sourced-revenue', [sourced, 1n], 0);
  tell('influenced-revenue', [v(ours, ...helped), 1n], 0);
  tell('expansion-revenue', [v(ours, 'deal.won.sourced.expansion'), 1n], 0);
  const crm = told(...directWins, 'direct.lost');
  if (crm) {
    percent('revenue-share', sourced, all + v(direct, ...directWins));
    if (told('direct.won.new.influenced')) {
      const touched = v(everybodys, newWin) + v(direct, 'direct.won.new.influenced');
      percent('new-revenue-share', touched, v(everybodys, newWin) + v(direct, 'direct.won.new'));
    }
    const [won, lost] = [n(direct, ...directWins), n(direct, 'direct.lost')];
    percent('direct-win-rate', won, won + lost);
    tell('direct-deal-size', [v(direct, ...directWins), won], 0);
  }
  tell('sourced-pipeline', [v(ours, 'deal.approved'), 1n], 0);
  tell('influenced-pipeline', [v(ours, 'deal.influenced'), 1n], 0);
  const [won, lost] = [n(ours, ...wins), n(ours, 'deal.lost')];
  percent('win-rate', won, won + lost);
  tell('expected-sourced-revenue', [v(ours, 'deal.approved') * won, won + lost], 0);
  tell('expected-influenced-revenue', [v(ours, 'deal.influenced') * won, won + lost], 0);
  if (told('direct.pipeline'))
    percent('pipeline-share', v(ours, 'deal.approved'), v(everybodys, 'deal.approved') + v(direct, 'direct.pipeline'));
  tell('cycle-time', [v(ours, 'deal.cycle'), n(ours, 'deal.cycle')], 1);
  tell('direct-cycle-time', [v(direct, 'direct.cycle'), n(direct, 'direct.cycle')], 1);
  tell('deal-size', [sourced, won], 0);

  // Partners.
  const first = Math.min(...bounds(world, asked));
  const last = Math.max(...bounds(world, asked));
  const at = (partner: PartnerFacts, second: number): boolean => isMember(partner, second);
  const members = group.filter((partner) => at(partner, last));
  const before = group.filter((partner) => at(partner, first));
  const left = before.filter(({ profile, facts }) => {
    const leaving = newest(those(facts, ['partner.left']))?.at ?? 0;
    return profile.status === 'terminated' && leaving >= first && leaving < last;
  });
  const end = Math.max(...bounds(world, { ...asked, period: asked.quarter }));
  const doings = ({ profile, facts }: PartnerFacts): boolean =>
    profile.types.some((type) => {
      const rule = world.active[type];
      if (!rule) return false;
      const counted = facts.filter((f) => rule.facts.includes(f.kind));
      const told = counted.filter((f) => kindOf(f.kind).standing && f.at < end);
      const isReplaced = (f: Fact): boolean =>
        told.some(
          (other) =>
            other.kind === f.kind &&
            other.id === f.id &&
            (other.at > f.at || (other.at === f.at && (other.rank ?? 0) > (f.rank ?? 0))),
        );
      const standing = told.filter((f) => f.value > 0 && !isReplaced(f));
      return now(counted).length + standing.length >= rule.atLeast;
    });
  const active = BigInt(members.filter(doings).length);
  const transacting = BigInt(group.filter(({ facts }) => n(now(facts), ...wins) > 0n).length);
  tell('partners', [BigInt(members.length), 1n], 0);
  tell('partners-onboarded', [n(ours, 'partner.activated'), 1n], 0);
  tell('active-partners', [active, 1n], 0);
  percent('active-rate', active, BigInt(members.length));
  tell('transacting-partners', [transacting, 1n], 0);
  percent('transacting-rate', transacting, BigInt(members.length));
  percent('partner-churn', BigInt(left.length), BigInt(before.length));
  tell('revenue-per-active-partner', [sourced, active], 0);
  tell('pipeline-per-active-partner', [v(ours, 'deal.approved'), active], 0);
  if (sourced > 0n) {
    const [part, whole] = ofTopFifth(
      group.map(({ facts }) => v(now(facts), ...wins)),
      members.length,
    );
    tell('top-fifth-share', [part * 100n, whole * sourced], 2);
  }
  const scores = group.flatMap(({ facts }) =>
    [...Map.groupBy(those(facts, ['health.score']), (f) => f.quarter).values()].flatMap((same) => newest(same) ?? []),
  );
  const counted = scores.filter(({ quarter }) =>
    asked.period.length === 4 ? quarter.startsWith(asked.period) && quarter <= asked.quarter : quarter === asked.period,
  );
  tell('average-health', [big(counted.map(({ value }) => value)), BigInt(counted.length) * 10n], 1);
  tell('time-to-first-deal', [v(ours, 'deal.first'), n(ours, 'deal.first')], 1);
  tell('time-to-hundred-users', [v(ours, 'integration.users.hundred'), n(ours, 'integration.users.hundred')], 1);
  const tests = n(ours, 'certification.passed', 'certification.failed');
  percent('certification-pass-rate', n(ours, 'certification.passed'), tests);
  const answers = those(ours, ['nps.answer']).map(({ value }) => value);
  const balance = answers.filter((value) => value > 8).length - answers.filter((value) => value < 7).length;
  tell('partner-nps', [BigInt(balance) * 100n, BigInt(answers.length)], 1);
  tell('mdf-return', [v(ours, 'mdf.pipeline'), v(ours, 'mdf.reimbursed')], 2);
  tell('mdf-cost-per-lead', [v(ours, 'mdf.reimbursed'), v(ours, 'mdf.leads')], 0);
  return { ...figures, ...ofCustomers(world, asked, group), ...ofCosts(world, asked) };
};

/** The first second of each day of the period's months, and of the day after: found by trying hours, not by reckoning. */
const bounds = (world: World, { period, quarter }: Asked): readonly number[] => {
  const months = monthsOf(period, quarter);
  const [first = '', last = ''] = [months[0], months.at(-1)];
  return [startOfMonth(first, world.timeZone), startOfMonth(following(last), world.timeZone)];
};

const isMember = ({ profile, facts }: PartnerFacts, second: number): boolean => {
  const came = facts.filter((f) => f.kind === 'partner.activated').every((f) => f.at < second);
  const gone = facts.filter((f) => f.kind === 'partner.left');
  if (profile.status === 'active' || profile.status === 'suspended') return came;
  return profile.status === 'terminated' && came && gone.some((f) => f.at >= second);
};

/** Everybody by the first two digits of what they sold; whoever is in a class counts with its mean where not all of it fits. */
const ofTopFifth = (revenues: readonly bigint[], members: number): Fraction => {
  const rank = (revenue: bigint): number =>
    String(revenue).length * 100 + Number(String(revenue).padEnd(2, '0').slice(0, 2));
  const sellers = revenues.filter((revenue) => revenue > 0n);
  const classes = [...new Set(sellers.map(rank))].sort((a, b) => b - a);
  let places = BigInt(Math.ceil(members / 5));
  let taken: Fraction = [0n, 1n];
  for (const each of classes) {
    const those = sellers.filter((revenue) => rank(revenue) === each);
    const size = BigInt(those.length);
    const fits = places < size ? places : size;
    const revenue = those.reduce((sum, one) => sum + one, 0n);
    taken = [taken[0] * size + revenue * fits * taken[1], taken[1] * size];
    places -= fits;
  }
  return taken;
};
