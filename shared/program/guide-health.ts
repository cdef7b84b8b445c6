import { type ScoringRules, scoringRulesOf } from '#shared/health/scoring-rules.ts';
import { tellMarks, tellWindow } from '#shared/health/signal-words.ts';
import type { GuidePart } from '#shared/program/guide.ts';
import { categories, categoryNames, type Signal } from '#shared/program/health-rules.ts';
import type { Program } from '#shared/program/program.ts';

const enumerate = (words: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words);

const weightTable = (rules: ScoringRules): GuidePart => ({
  kind: 'table',
  head: ['Category', 'Points', ...rules.tracks.map(({ name }) => name)],
  rows: categories.map((category) => [
    categoryNames[category],
    String(rules.weights[category]),
    ...rules.tracks.map(({ weights }) => (weights[category] === 0 ? '–' : String(weights[category]))),
  ]),
});

const trackWords = ({ tracks, signals }: ScoringRules, { partnerTypes }: Program): readonly string[] =>
  tracks.map(({ name, partnerTypes: types, without }) => {
    const whom = enumerate(types.map((type) => partnerTypes.find(({ id }) => id === type)?.name ?? type));
    const left = (without ?? []).map((id) => signals.find((signal) => signal.id === id)?.name ?? id);
    const apart = left.length > 0 ? `; what says nothing about them is left out: ${enumerate(left)}` : '';
    return `${name}: for partners whose main type is ${whom}${apart}.`;
  });

const signalRow = (signal: Signal, currency: string): readonly string[] => {
  const window = tellWindow(signal);
  return [
    categoryNames[signal.category],
    signal.name + (window ? `, ${window}` : ''),
    signal.assessed ? `Our answer: ${signal.question ?? 'how good is it?'}` : 'Facts',
    ...tellMarks(signal, currency),
  ];
};

/** What a partner is judged by, and what it takes. */
export const healthParts = (program: Program): readonly GuidePart[] => {
  const rules = scoringRulesOf(program.health);
  const { bands } = rules;
  const who = rules.secondRater ? 'two of us, independently of each other,' : 'your partner manager';
  const judged = rules.signals.filter(({ category }) => rules.weights[category] > 0);
  return [
    { kind: 'heading', text: 'Health score' },
    {
      kind: 'paragraph',
      text: `Each quarter every partner gets a score from 0 to 100, with every point explained. From ${bands.strong} it is strong, from ${bands.stable} stable, below that developing.`,
    },
    weightTable(rules),
    ...(rules.tracks.length > 0 ? [{ kind: 'list', items: trackWords(rules, program) } satisfies GuidePart] : []),
    {
      kind: 'paragraph',
      text: `This is what we look at. Between the two marks points rise evenly. What asks for our answer, ${who} answers from 1 to 5. What we do not know does not count against you: its points are spread over the rest, and the score says how much of it is known.`,
    },
    {
      kind: 'table',
      head: ['Category', 'What', 'By', 'No points', 'All points'],
      rows: categories.flatMap((category) =>
        judged.filter((signal) => signal.category === category).map((signal) => signalRow(signal, program.currency)),
      ),
    },
  ];
};
