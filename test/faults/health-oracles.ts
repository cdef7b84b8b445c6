import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { previousQuarter, quarterOf } from '#shared/core/quarters.ts';
import { company, type Fact } from '#shared/facts/fact.ts';
import { kindOf } from '#shared/facts/fact-kinds.ts';
import { factOf, itemOf } from '#shared/facts/fact-store.ts';
import { factsOfStep } from '#shared/facts/facts-of-subject.ts';
import { type PartnerFacts, partnerFacts } from '#shared/facts/partner-facts.ts';
import { stepsOf } from '#shared/facts/step.ts';
import { judgePartner, rulesOf } from '#shared/health/judge-partner.ts';
import { groupRows, look } from '#shared/kpis/kpi-rows.ts';
import { unpackSums } from '#shared/kpis/kpi-store.ts';
import { addToSums, type KpiSums, noSums } from '#shared/kpis/kpi-sums.ts';
import { recomputeScore } from '#test/health/recompute-score.ts';
import { asChecked } from '#test/kpis/a-checked-world.ts';
import { recomputed } from '#test/kpis/recomputed.ts';
import type { WireItem } from './expressions.ts';
import { mostStale } from './fault.ts';
import { eventsIn, historiesIn, type Oracle } from './oracles.ts';
import type { FactsRecording, Recording, StoredItem } from './recording.ts';
import { criteriaOfTiers, programOfHistories } from './start-of-a-history.ts';
import { lastLook } from './start-of-health.ts';

/** What must hold of facts, scores, publications, tiers and figures after a history of quarters; of the others there is none. */
const nameOf = ({ pk, sk }: WireItem): string => `${pk?.S} ${sk?.S}`;

const sorted = (item: WireItem): string => JSON.stringify(Object.entries(item).sort());

/** I9: every fact is there once and as its event says, and none besides. */
export const factsFollowEvents: Oracle = ({ items, facts }) => {
  if (facts.items.length === 0) return [];
  const program = programOfHistories();
  const expected = new Map<string, Fact>();
  const made = [...historiesIn(items).values()].flatMap((events) =>
    stepsOf(events, {} as never).flatMap((step) => factsOfStep(step, program)),
  );
  // What was told last comes last; of what one thing says again, what its last event says.
  const timeOf = ({ kind, at }: Fact): number => (kindOf(kind).replaced ? 0 : at);
  made.sort((a, b) => timeOf(a) - timeOf(b) || (a.rank ?? 0) - (b.rank ?? 0) || a.value - b.value);
  for (const fact of made) expected.set(nameOf(itemOf(fact)), fact);
  const stored = new Map(facts.items.map((item) => [nameOf(item), item]));
  const missing = [...expected].flatMap(([name, fact]) => {
    const item = stored.get(name);
    if (!item) return [`I9: the fact ${name} is missing`];
    return sorted(item) === sorted(itemOf(fact)) ? [] : [`I9: the fact ${name} is not as its event says`];
  });
  const surplus = [...stored.keys()].filter((name) => !expected.has(name)).map((name) => `I9: no event tells ${name}`);
  return [...missing, ...surplus];
};

interface ToldRow {
  readonly id: string;
  readonly kind: string;
  readonly partnerId?: string;
  readonly value?: number;
}

interface Report {
  readonly accepted: number;
  readonly known: number;
  readonly refused: readonly { readonly row: number }[];
}

/** I7: a row that was taken is there with what it said, what is there was told by somebody, and the count of rows is that of the batch. */
export const toldFactsAreThere: Oracle = ({ items, calls, commits }) => {
  const started = new Set(eventsIn(commits[0] ?? []).map(({ subject }) => subject));
  const events = new Map(eventsIn(items).map((event) => [event.subject, event]));
  const says = (subject: string, { kind, partnerId, value = 1 }: ToldRow): boolean => {
    const { changes } = events.get(subject) ?? { changes: {} as Record<string, unknown> };
    return changes.kind === kind && changes.partnerId === partnerId && changes.value === value;
  };
  const told = new Set<string>();
  const wrong = calls
    .filter(({ operation }) => operation === 'report-facts')
    .flatMap(({ at, body, reply }) => {
      // Nobody in a history leaves out whose ids they are.
      const { source, facts: rows } = body as { readonly source: string; readonly facts: readonly ToldRow[] };
      for (const row of rows) {
        const subject = derivedId('fct', source, row.id);
        if (says(subject, row)) told.add(subject);
      }
      if (reply?.status !== 200) return [];
      const { accepted, known, refused } = reply.body as unknown as Report;
      const isRefused = new Set(refused.map(({ row }) => row));
      const lost = rows
        .filter((row, index) => !isRefused.has(index + 1) && !says(derivedId('fct', source, row.id), row))
        .map(({ id }) => `I7: ${id} was taken at ${at} and is not there`);
      return accepted + known + isRefused.size === rows.length
        ? lost
        : [...lost, `I7: of ${rows.length} rows at ${at} so many were not: ${accepted}, ${known}, ${isRefused.size}`];
    });
  const strange = [...events.keys()]
    .filter((subject) => subject.startsWith('fct_') && !started.has(subject) && !told.has(subject))
    .map((subject) => `I7: nobody told ${subject} as it is there`);
  return [...wrong, ...strange];
};

const text = (item: StoredItem | undefined, name: string): string => String(item?.[name] ?? '');
const isRevision = ({ pk, sk }: StoredItem): boolean => pk.startsWith('hlt_') && sk.startsWith('revision#');
const isRun = ({ pk, sk }: StoredItem): boolean => pk.startsWith('scr_') && sk === 'run';

/** I7: what is published, and what a later run made of it, is never written over, once that run is over; and partners are told no other. */
export const publishedStays: Oracle = ({ items, commits, calls }) => {
  const published = new Set<string>();
  const completed = new Set<string>();
  const revisions = new Map<string, StoredItem>();
  const quarterOfHealth = new Map<string, string>();
  const wrong: string[] = [];
  for (const commit of commits) {
    for (const item of commit) if (item.sk === 'health') quarterOfHealth.set(item.pk, text(item, 'quarter'));
    for (const item of commit.filter(isRevision)) {
      const key = `${item.pk} ${item.sk}`;
      const before = revisions.get(key);
      revisions.set(key, item);
      if (!before || before.text === item.text) continue;
      const isDraft = item.sk === 'revision#0001' && !published.has(quarterOfHealth.get(item.pk) ?? '');
      const isUnderWay = before.runId === item.runId && !completed.has(text(item, 'runId'));
      if (!isDraft && !isUnderWay) wrong.push(`I7: ${key}, which was to stay, was written over by ${item.runId}`);
    }
    for (const { sk, quarter } of commit) if (sk === 'review') published.add(String(quarter));
    for (const item of commit.filter(isRun)) if (item.status === 'completed') completed.add(item.pk);
  }
  const last = new Map(items.filter(isRevision).map((item) => [`${item.pk} ${Number(item.sk.slice(-4))}`, item]));
  const told = calls.flatMap(({ operation, caller, params, reply, at }) => {
    const isPartner = caller.kind === 'user' && caller.partnerId !== undefined;
    if (operation !== 'get-health' || !isPartner || reply?.status !== 200) return [];
    const { revision, digest } = reply.body as { readonly revision: number; readonly digest: string };
    const id = derivedId('hlt', params.partnerId ?? '', params.quarter ?? '');
    return last.get(`${id} ${revision}`)?.digest === digest
      ? []
      : [`I7: ${caller.id} was told at ${at} what revision ${revision} of ${id} does not say`];
  });
  return [...wrong, ...told];
};

/** I9: a score is written when it changes and then once; each of its revisions says what the last event of it says. */
export const scoredOnce: Oracle = ({ items }) => {
  const revisions = new Map(items.filter(isRevision).map((item) => [`${item.pk} ${Number(item.sk.slice(-4))}`, item]));
  return [...historiesIn(items)].flatMap(([subject, events]) => {
    if (!subject.startsWith('hlt_')) return [];
    const digests = new Map<number, string>();
    let [revision, digest] = [0, ''];
    const wrong: string[] = [];
    for (const { changes, seq } of events) {
      const next = Number(changes.revision ?? revision);
      if (next !== revision && next !== revision + 1) wrong.push(`${seq} leads to revision ${next}`);
      if (changes.digest === undefined) wrong.push(`${seq} says again what was said before`);
      [revision, digest] = [next, String(changes.digest ?? digest)];
      digests.set(revision, digest);
    }
    for (const [number, said] of digests) {
      const kept = text(revisions.get(`${subject} ${number}`), 'text');
      if (hash('sha256', kept, 'hex').slice(0, 16) !== said)
        wrong.push(`revision ${number} is not what its event says`);
    }
    return wrong.map((what) => `I9: ${subject}: ${what}`);
  });
};

interface Lived {
  readonly run: StoredItem;
  /** Places of the commits that began and completed it. */
  readonly from: number;
  readonly to: number;
}

const livesOf = ({ commits, items }: Pick<Recording, 'commits' | 'items'>): readonly Lived[] => {
  const [from, to] = [new Map<string, number>(), new Map<string, number>()];
  for (const [place, commit] of commits.entries())
    for (const { pk, status } of commit.filter(isRun)) {
      if (!from.has(pk)) from.set(pk, place);
      if (status === 'completed') to.set(pk, place);
    }
  return items
    .filter(isRun)
    .map((run) => ({ run, from: from.get(run.pk) ?? 0, to: to.get(run.pk) ?? Number.POSITIVE_INFINITY }));
};

/** I12: every run ends, one of a quarter at a time; nothing is published meanwhile; the last look at each quarter came to its end twice. */
export const runsEnd: Oracle = (recording) => {
  const lives = livesOf(recording);
  const wrong = lives.flatMap(({ run }): readonly string[] => {
    if (run.status !== 'completed') return [`I12: ${run.pk} of ${run.quarter} is ${run.status} and no more`];
    const { partners, changed, unchanged, parked } = run.tally as Readonly<Record<string, number>>;
    const sum = (changed ?? 0) + (unchanged ?? 0) + (parked ?? 0);
    return sum === partners && parked === 0 ? [] : [`I12: ${run.pk} parked ${parked} of ${partners}, and did ${sum}`];
  });
  for (const [quarter, same] of Map.groupBy(lives, ({ run }) => text(run, 'quarter'))) {
    const inOrder = same.toSorted((a, b) => a.from - b.from);
    for (const [index, { run, from }] of inOrder.entries())
      if (from <= (inOrder[index - 1]?.to ?? -1)) wrong.push(`I12: ${run.pk} began while another of ${quarter} ran`);
    if (same.filter(({ run }) => run.reason === lastLook).length !== 2)
      wrong.push(`I12: ${quarter} was not looked at twice when all was calm`);
    const published = recording.commits.findIndex((commit) => commit.some(({ pk }) => pk === `qrv_${quarter}`));
    if (same.some(({ from, to }) => published > from && published < to))
      wrong.push(`I12: ${quarter} was published while a run went on`);
  }
  return wrong;
};

const byPartner = (items: readonly WireItem[]): ReadonlyMap<string, readonly Fact[]> =>
  Map.groupBy(
    items.flatMap((item) => factOf(item) ?? []),
    ({ partnerId }) => partnerId,
  );

const isPartner = (partnerId: string): boolean => partnerId !== company;

/** Whoever was active by then, as PRODUCT has it; none of a history leaves. */
const isScored = ({ profile, facts, quarter }: PartnerFacts): boolean =>
  profile.status === 'active' && facts.some((fact) => fact.kind === 'partner.activated' && fact.quarter <= quarter);

const sumsIn = (items: readonly StoredItem[], quarter: string): KpiSums => {
  const kept = items.find(({ pk, sk }) => pk === `kpi_${quarter}` && sk === 'sums#00');
  return kept ? unpackSums(text(kept, 'packed')) : noSums();
};

/** Figures of the whole program by a second hand, from all facts anew. */
const figuresDiffer = (sums: KpiSums, partners: readonly PartnerFacts[], own: PartnerFacts): readonly string[] => {
  const program = programOfHistories();
  const { quarter } = own;
  const [row] = groupRows(look({ quarter, sums, costs: new Map(), calendar: program }), 'quarter', 'all');
  const wanted = recomputed(asChecked({ partners, own }, {}, program.timeZone), { period: quarter, quarter });
  return (row?.figures ?? []).flatMap((figure) => {
    const told = 'value' in figure ? figure.value : undefined;
    return told === wanted[figure.kpi] ? [] : [`${figure.kpi} is ${told} in place of ${wanted[figure.kpi]}`];
  });
};

/**
 * The result is that of a world without faults, crashes and repetitions, by the facts that there are in the end: scores also by a
 * second hand, with the scorecard, the tier's figures and the warnings to the byte, and the figures of all partners.
 */
export const asUndisturbed: Oracle = ({ items, facts }) => {
  const program = programOfHistories();
  const rules = rulesOf(program);
  const quarters = new Set(items.filter(isRun).map((run) => text(run, 'quarter')));
  const known = byPartner(facts.items);
  return [...quarters].flatMap((quarter) => {
    const of = (partnerId: string): PartnerFacts => partnerFacts(partnerId, quarter, known.get(partnerId) ?? []);
    const sums = noSums();
    const own = of(company);
    if (own.facts.length > 0) addToSums(sums, own, program);
    const partners = [...known.keys()].filter(isPartner).map(of);
    const wrong = partners.flatMap((each) => {
      const id = derivedId('hlt', each.partnerId, quarter);
      const stored = items.find(({ pk, sk }) => pk === id && sk === 'health');
      const finding = judgePartner(each, rules);
      addToSums(sums, finding ? { ...each, points: finding.points } : each, program);
      if (!isScored(each)) return stored ? [`${each.partnerId} was scored and is in no program`] : [];
      const { points, band, coverage } = recomputeScore(each, program.health);
      const isRight = stored?.points === points && stored.band === band && stored.coverage === coverage;
      if (!isRight) return [`${each.partnerId} has ${stored?.points} points and ${stored?.band} in place of ${points}`];
      return stored?.digest === finding?.digest ? [] : [`${each.partnerId} is not judged as its facts say`];
    });
    const kept = sumsIn(items, quarter);
    if (!isDeepStrictEqual(kept, JSON.parse(JSON.stringify(sums)))) wrong.push('its sums are not those of its facts');
    wrong.push(...figuresDiffer(kept, partners, own));
    return wrong.map((what) => `As undisturbed: ${quarter}: ${what}`);
  });
};

/** Facts as they stood before a commit of theirs, and who was told of from there to another. */
const factsBefore = ({ start, commits }: FactsRecording, place: number): readonly WireItem[] => {
  const state = new Map(start.map((item) => [nameOf(item), item]));
  for (const { written } of commits.slice(0, place)) for (const item of written) state.set(nameOf(item), item);
  return [...state.values()];
};

/**
 * Each run by itself, however it was disturbed: of a partner about whom nothing new was told while it went on, what stands when it is
 * completed is what the facts say.
 */
export const eachRunIsRight: Oracle = (recording) => {
  const { commits, facts } = recording;
  const rules = rulesOf(programOfHistories());
  return livesOf(recording).flatMap(({ run, from, to }) => {
    if (run.reason === lastLook || to === Number.POSITIVE_INFINITY) return [];
    const quarter = text(run, 'quarter');
    const first = Math.max(0, facts.commits.findIndex(({ after }) => after >= from) - mostStale);
    const during = facts.commits.slice(first).filter(({ after }) => after <= to);
    // What it writes itself comes back as a fact, and says nothing new.
    const isOwn = (item: WireItem): boolean => item.sk?.S === itemOf({ ...anOwnScore, quarter }).sk?.S;
    const touched = new Set(during.flatMap(({ written }) => written.filter((it) => !isOwn(it)).map(({ pk }) => pk?.S)));
    const standing = new Map(
      commits.slice(0, to + 1).flatMap((commit) => commit.filter(({ sk }) => sk === 'health').map((it) => [it.pk, it])),
    );
    return [...byPartner(factsBefore(facts, first))].flatMap(([partnerId, its]) => {
      const of = partnerFacts(partnerId, quarter, its);
      if (!isPartner(partnerId) || touched.has(partnerId) || !isScored(of)) return [];
      const stored = standing.get(derivedId('hlt', partnerId, quarter));
      return stored?.digest === judgePartner(of, rules)?.digest
        ? []
        : [`I9: ${run.pk} of ${quarter} left ${partnerId} at ${stored?.points}, which its facts do not say`];
    });
  });
};

const anOwnScore: Fact = { partnerId: '', kind: 'health.score', quarter: '', id: '', value: 0, at: 0 };

const aboutTier = /^partner\.(tier_|updated$)/;
const noCriteria = { annualRevenue: 0, certifiedPeople: 0 };
const tiers = ['authorized', 'gold', 'platinum'];

/** By what was sold over four quarters and who is certified, read from the facts once more. */
const tierReached = (facts: readonly Fact[], quarter: string): number => {
  const year = new Set([quarter]);
  for (let back = quarter; year.size < 4; year.add(back)) back = previousQuarter(back);
  const sold = facts
    .filter((fact) => fact.kind.startsWith('deal.won.sourced.') && year.has(fact.quarter))
    .reduce((sum, { value }) => sum + value, 0);
  const told = facts.filter((fact) => fact.kind === 'certified.people' && fact.quarter <= quarter);
  const [last] = told.toSorted((a, b) => b.at - a.at || (b.rank ?? 0) - (a.rank ?? 0) || b.value - a.value);
  const isMet = (tier: string): boolean => {
    const { annualRevenue, certifiedPeople } = criteriaOfTiers[tier] ?? noCriteria;
    return sold >= annualRevenue && (last?.value ?? 0) >= certifiedPeople;
  };
  return tiers.findLastIndex(isMet);
};

/** What a run does, and not what time does after a notice. */
const isByRun = ({ type, by, changes }: StoredEvent): boolean => {
  if (by !== 'system') return false;
  if (type === 'partner.tier_changed') return changes.tierLowered === undefined;
  const { given } = (changes.tierNotice ?? {}) as { readonly given?: number };
  return type === 'partner.tier_notice_given' && given === 1;
};

/** I9: a judgement moves a tier once; and what the last one says has been done, unless a person has had the last word. */
export const tiersFollowOnce: Oracle = ({ items, facts, end }) => {
  const histories = historiesIn(items);
  const last = previousQuarter(quarterOf(end.slice(0, 10), 1));
  const isLooked = items.some((item) => isRun(item) && item.quarter === last && item.reason === lastLook);
  const known = byPartner(facts.items);
  return items
    .filter(({ sk, pk }) => sk === 'partner' && histories.has(pk) && known.has(pk))
    .flatMap((partner) => {
      const events = (histories.get(partner.pk) ?? []).filter(({ type }) => aboutTier.test(type));
      const twice = events.filter(isByRun).filter(({ changes }) => changes.tierJudged === undefined);
      const { until = '' } = (partner.tierOverride ?? {}) as { readonly until?: string };
      const lastEvent = events.at(-1);
      // What was lost in the meantime is judged with the next quarter.
      const isLost = lastEvent?.changes.tierLowered !== undefined;
      const isDecided = until > end || isLost || (lastEvent && lastEvent.by !== 'system');
      const isBusy = partner.status !== 'active' || partner.tierAppeal !== undefined;
      const place = tiers.indexOf(text(partner, 'tier'));
      const reached = tierReached(known.get(partner.pk) ?? [], last);
      const notice = partner.tierNotice !== undefined;
      const isRight = reached > place ? false : notice === reached < place;
      const owed = `its tier is ${partner.tier}${notice ? ' under notice' : ''}, its figures reach ${tiers[reached]}`;
      const late = isRight || isDecided || isBusy || !isLooked ? [] : [owed];
      const again = twice.map(({ seq }) => `the judgement before acts again in event ${seq}`);
      return [...again, ...late].map((what) => `I9: ${partner.pk}: ${what}`);
    });
};
