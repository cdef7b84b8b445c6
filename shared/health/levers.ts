import type { Signal } from '#shared/program/health-rules.ts';
import { isAtLeast, minus, one, type Ratio, times, zero } from './ratio.ts';
import type { Band, Score } from './score.ts';
import { type ScoringRules, weightsOf } from './scoring-rules.ts';
import { edgeOf } from './settle-score.ts';
import { tellPoints, tellValue, valueIn } from './signal-words.ts';
import { type Standing, standingOf } from './standing.ts';
import { costTo, settingFor } from './turn-signal.ts';
import { weigh } from './weigh-signals.ts';
import { whatIf } from './what-if.ts';

/** A score with the rules it was made by, and the currency in which their amounts are told. */
export interface Judged {
  readonly score: Score;
  readonly rules: ScoringRules;
  readonly currency: string;
}

/** One change: of `signal` to a value in the unit of its marks. */
export interface Lever {
  readonly signal: string;
  readonly name: string;
  /** Absent where nothing is known. */
  readonly from?: number;
  readonly to: number;
  /** What it brings, in tenths. */
  readonly points: number;
  readonly told: string;
}

export interface Levers {
  /** The next band. */
  readonly band: Band;
  /** From the shown points to it, in tenths. */
  readonly missing: number;
  /** False: any one of them suffices. True: they are meant one after the other. */
  readonly together: boolean;
  /** Whether they lead into the next band. */
  readonly reached: boolean;
  readonly changes: readonly Lever[];
}

const most = 3;

/** Signals by id that have another part than they have. */
type Turned = ReadonlyMap<string, Ratio>;

const partAfter = ({ parts, track }: Standing, rules: ScoringRules, turned: Turned): Ratio =>
  weigh(
    parts.map(({ signal, part }) => ({ signal, part: turned.get(signal.id) ?? part })),
    weightsOf(rules, track),
  ).part;

/** The least part of a signal that leads to the edge when others are turned already; undefined where all of it does not. */
const partNeeded = (standing: Standing, rules: ScoringRules, of: { id: string; edge: Ratio; others: Turned }) => {
  const { id, edge, others } = of;
  const none = partAfter(standing, rules, new Map([...others, [id, zero]]));
  const all = partAfter(standing, rules, new Map([...others, [id, one]]));
  if (!isAtLeast(all, edge) || isAtLeast(none, all)) return undefined;
  // What a score gains by a signal is in proportion to the signal's part.
  const [gap, span] = [minus(edge, none), minus(all, none)];
  return gap.n <= 0n ? zero : times(gap, span.d, span.n);
};

/** One after the other, each told with what it adds to those before. */
const leversOf = ({ score, rules, currency }: Judged, turns: readonly (readonly [Signal, number])[]): Lever[] => {
  const values: Record<string, number> = {};
  let before = score.points;
  return turns.map(([signal, to]) => {
    values[signal.id] = to;
    const after = whatIf(score, rules, values).points;
    const points = after - before;
    before = after;
    const from = valueIn(score, signal);
    const [now, then] = [from, to].map((value) => value !== undefined && tellValue(signal, value, currency));
    const told = now
      ? `${signal.name}: from ${now} to ${then} (+${tellPoints(points)})`
      : `${signal.name}: ${then}, which is not known yet (+${tellPoints(points)})`;
    return { signal: signal.id, name: signal.name, ...(from === undefined ? {} : { from }), to, points, told };
  });
};

const compare = (a: Ratio, b: Ratio): number => (a.n * b.d === b.n * a.d ? 0 : isAtLeast(a, b) ? 1 : -1);

interface Turn {
  readonly signal: Signal;
  readonly to: number;
  readonly cost: Ratio;
}

const turnTo = ({ score }: Judged, signal: Signal, part: Ratio): Turn => {
  const to = settingFor(signal, part);
  return { signal, to, cost: costTo(signal, score, to) };
};

/** Each of these alone leads there; the cheapest first. */
const alone = (judged: Judged, standing: Standing, edge: Ratio): readonly Turn[] =>
  standing.parts
    .flatMap(({ signal }) => {
      const part = partNeeded(standing, judged.rules, { id: signal.id, edge, others: new Map() });
      return part ? [turnTo(judged, signal, part)] : [];
    })
    .sort((a, b) => compare(a.cost, b.cost) || (a.signal.id < b.signal.id ? -1 : 1))
    .slice(0, most);

/** Whole signals by what they bring, for what they cost if `perCost`; the last of them only as far as is needed. */
const combined = (judged: Judged, standing: Standing, of: { readonly edge: Ratio; readonly perCost: boolean }) => {
  const { part: now } = standing.balance;
  const ranked = standing.parts
    .map(({ signal }) => {
      const turn = turnTo(judged, signal, one);
      const gain = minus(partAfter(standing, judged.rules, new Map([[signal.id, one]])), now);
      return { ...turn, gain, worth: of.perCost && turn.cost.n > 0n ? times(gain, turn.cost.d, turn.cost.n) : gain };
    })
    .filter(({ gain }) => gain.n > 0n)
    .sort((a, b) => compare(b.worth, a.worth) || (a.signal.id < b.signal.id ? -1 : 1))
    .slice(0, most);
  const turned = new Map<string, Ratio>();
  const turns: Turn[] = [];
  for (const turn of ranked) {
    const part = partNeeded(standing, judged.rules, { id: turn.signal.id, edge: of.edge, others: turned });
    turns.push(part ? turnTo(judged, turn.signal, part) : turn);
    if (part) return { turns, reached: true };
    turned.set(turn.signal.id, one);
  }
  return { turns, reached: false };
};

/**
 * What would lift a partner into the next band with the least change, each change measured by the way from floor to target: three
 * ways that each suffice, or, where no single one does, three to go together. Undefined in the highest band.
 */
export const leversFor = (judged: Judged): Levers | undefined => {
  const { score, rules } = judged;
  if (score.band === 'strong') return undefined;
  const band = score.band === 'developing' ? 'stable' : 'strong';
  const edge = edgeOf(rules.bands[band]);
  const standing = standingOf(score, rules);
  const missing = rules.bands[band] * 10 - score.points;
  const single = alone(judged, standing, edge);
  if (single.length > 0) {
    const changes = single.flatMap(({ signal, to }) => leversOf(judged, [[signal, to]]));
    return { band, missing, together: false, reached: true, changes };
  }
  const cheap = combined(judged, standing, { edge, perCost: true });
  const large = cheap.reached ? cheap : combined(judged, standing, { edge, perCost: false });
  const { turns, reached } = large.reached ? large : cheap;
  const changes = leversOf(
    judged,
    turns.map(({ signal, to }) => [signal, to]),
  );
  return { band, missing, together: true, reached, changes };
};
