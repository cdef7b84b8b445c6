import { formatMoney } from '#shared/core/money.ts';
import { scoringRulesOf } from '#shared/health/scoring-rules.ts';
import { lists } from '#shared/program/change-lists.ts';
import { blocksOfAlikes, isTurnedAround, ranks, untold } from '#shared/program/change-ranks.ts';
import type { Program } from '#shared/program/program.ts';
import { defaultTemplates } from '#shared/success-plans/default-templates.ts';

/** One difference between two versions of a program. */
export interface ProgramChange {
  /** Where, such as `tiers[gold].benefits.mdfPerQuarter`. */
  readonly path: string;
  /** In words, for the people of the program. */
  readonly text: string;
  /** Whether partners lose by it; when in doubt, yes. */
  readonly takesAway: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** A place in both programs: as people read it, and as the tables of change-ranks.ts know it. */
interface Place {
  readonly path: string;
  readonly pattern: string;
  /** It belongs to something that partners owe, or are to do less of: what is more there is worse. */
  readonly isTurned: boolean;
}

const field = ({ path, pattern, isTurned }: Place, key: string): Place => ({
  isTurned,
  path: path ? `${path}.${key}` : key,
  pattern: [pattern, blocksOfAlikes.includes(pattern) ? '*' : key].filter(Boolean).join('.'),
});
const entry = ({ path, pattern }: Place, key: string, things: readonly unknown[]): Place => ({
  path: `${path}[${key}]`,
  pattern: `${pattern}.*`,
  isTurned: things.some(isTurnedAround),
});

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMoney = (value: unknown): value is { amountMinor: number; currency: string } =>
  isFields(value) && 'amountMinor' in value;

const shown = (value: unknown): string => {
  if (value === undefined) return 'not set';
  if (isMoney(value)) return formatMoney(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return `"${value.length > 80 ? `${value.slice(0, 79)}…` : value}"`;
  return Array.isArray(value) ? value.map(shown).join(', ') : String(value);
};

/** `mdfPerQuarter` as "MDF per quarter". */
const words = (name: string): string =>
  name
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll('_', ' ')
    .replace(/\bmdf\b/, 'MDF');

/** `tiers[gold].benefits.mdfPerQuarter` as "MDF per quarter (tiers, gold, benefits)". */
const named = ({ path }: Place): string => {
  const steps = path.split(/[.[\]]+/).filter(Boolean);
  const last = words(steps.at(-1) ?? '');
  const around = steps.slice(0, -1).map(words).join(', ');
  return around ? `${last} (${around})` : last;
};

const compareValues = (before: unknown, after: unknown, place: Place): ProgramChange[] => {
  const rank = ranks[place.pattern];
  if (!rank) throw new Error(`change-ranks.ts does not say whom a change of ${place.pattern} hurts`);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [was, is] = [rank(before), rank(after)];
  const otherCurrency = isMoney(before) && isMoney(after) && before.currency !== after.currency;
  const takesAway = was === undefined || is === undefined || otherCurrency || (place.isTurned ? is > was : is < was);
  const what = place.pattern.startsWith(untold) ? 'is another' : `from ${shown(before)} to ${shown(after)}`;
  return [{ path: place.path, text: `${named(place)}: ${what}`, takesAway }];
};

type Things = readonly (Fields & { readonly id: string })[];

const isThings = (value: unknown): value is Things =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isFields(item) && typeof item.id === 'string');

const change = (place: Place, text: string, takesAway: boolean): ProgramChange => ({
  path: place.path,
  text,
  takesAway,
});

/** Things are recognised by their id, others by their place in the list. */
const keyed = (list: readonly unknown[]): Map<string, unknown> =>
  new Map(list.map((item, index) => [isThings([item]) ? String((item as Fields).id) : String(index), item]));

const compareLists = (before: readonly unknown[] | undefined, after: readonly unknown[] | undefined, place: Place) => {
  const list = lists[place.pattern];
  if (!list) throw new Error(`change-ranks.ts does not say whom a change of the list ${place.pattern} hurts`);
  const { members, absentIsAll } = list;
  const opposite = { good: 'bad', bad: 'good' } as const;
  const losesBy = (side: 'good' | 'bad', isTurned = place.isTurned) =>
    members === (isTurned ? opposite[side] : side) || members === 'promise';
  if (absentIsAll && (before === undefined || after === undefined)) {
    if (before === after) return [];
    const text = before === undefined ? `is limited to ${shown(after)}` : `is no longer limited to ${shown(before)}`;
    return [
      { path: place.path, text: `${named(place)}: ${text}`, takesAway: (before === undefined) !== place.isTurned },
    ];
  }
  if (!(before ?? []).concat(after ?? []).some(isFields)) {
    const removed = (before ?? []).filter((item) => !after?.includes(item));
    const added = (after ?? []).filter((item) => !before?.includes(item));
    return [
      ...removed.map((item) => change(place, `${named(place)}: ${shown(item)} is no longer there`, losesBy('good'))),
      ...added.map((item) => change(place, `${named(place)}: ${shown(item)} is new`, losesBy('bad'))),
    ];
  }
  const [was, is] = [keyed(before ?? []), keyed(after ?? [])];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): ProgramChange[] => {
    const [old, fresh] = [was.get(key), is.get(key)];
    const here = entry(place, key, [old, fresh]);
    if (fresh === undefined)
      return [change(here, `${named(place)}: ${title(old, key)} is no longer there`, losesBy('good', here.isTurned))];
    if (old === undefined)
      return [change(here, `${named(place)}: ${title(fresh, key)} is new`, losesBy('bad', here.isTurned))];
    return compare(old, fresh, here);
  });
};

const title = (thing: unknown, key: string): string =>
  isFields(thing) && typeof (thing.name ?? thing.text ?? thing.title) === 'string'
    ? shown(thing.name ?? thing.text ?? thing.title)
    : `number ${Number(key) + 1}`;

const compare = (before: unknown, after: unknown, place: Place): ProgramChange[] => {
  if (Array.isArray(before ?? after)) return compareLists(before as unknown[], after as unknown[], place);
  const sample = before ?? after;
  if (!isFields(sample) || isMoney(sample)) return compareValues(before, after, place);
  const [was, is] = [isFields(before) ? before : {}, isFields(after) ? after : {}];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((key) => key !== 'id')
    .flatMap((key) => compare(was[key], is[key], field(place, key)));
};

/** To write out what holds anyway changes nothing. */
const writtenOut = (program: Program): Program => {
  const { secondRater, signals, tracks } = scoringRulesOf(program.health);
  const { successPlans = [...defaultTemplates] } = program;
  const health = { ...program.health, secondRater, signals: [...signals], tracks: [...tracks] };
  return { ...program, successPlans, health };
};

/** What changes from one version to the next, in the order of the file. */
export const changesBetweenPrograms = (before: Program, after: Program): ProgramChange[] =>
  compare(writtenOut(before), writtenOut(after), { path: '', pattern: '', isTurned: false });
