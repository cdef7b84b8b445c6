import type { Content, TableCell } from 'pdfmake/interfaces.js';
import type { Language } from '#shared/core/languages.ts';
import { formatMoney } from '#shared/core/money.ts';
import { type Day, dayOf, type Instant } from '#shared/core/time.ts';
import { pdfColours, pdfOf } from '#shared/platform/pdf.ts';
import type { Program } from '#shared/program/program.ts';
import type { MetricUnit } from '#shared/scorecards/metric-units.ts';
import { metricGroups } from '#shared/scorecards/metrics.ts';
import type { FigureView, ScorecardView } from '#shared/scorecards/scorecard-contract.ts';
import { scorecardWords } from '#shared/scorecards/scorecard-words.ts';
import { bullet, quarterBars, ragColours, ragShape, ring } from './scorecard-charts.ts';

const { accent, quiet, rule, stripe } = pdfColours;
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const dayLength = 'YYYY-MM-DD'.length;

interface Writing {
  readonly view: ScorecardView;
  readonly program: Program;
  readonly words: (typeof scorecardWords)[Language];
  readonly day: (at: Instant | Day) => string;
  readonly value: (value: FigureView['actual'] | null, unit: MetricUnit | 'plain') => string;
}

const writingOf = (view: ScorecardView, program: Program): Writing => {
  const locale = locales[view.language];
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return {
    view,
    program,
    words: scorecardWords[view.language],
    day: (at) => days.format(Date.parse(at.length === dayLength ? at : dayOf(at, program.timeZone))),
    value: (value, unit) => {
      if (value === undefined || value === null) return '–';
      if (typeof value === 'object') return formatMoney(value, view.language).replace(/[.,]00(?=\D|$)/, '');
      return unit === 'percent' ? `${plain.format(value)} %` : plain.format(value);
    },
  };
};

const label = (text: string): Content => ({ text, fontSize: 8, color: quiet, characterSpacing: 0.2 });
const heading = (text: string): Content => ({ text, fontSize: 10.5, bold: true, color: accent, margin: [0, 7, 0, 3] });

const frame = {
  hLineWidth: () => 0.7,
  vLineWidth: () => 0.7,
  hLineColor: () => rule,
  vLineColor: () => rule,
  paddingLeft: () => 8,
  paddingRight: () => 8,
  paddingTop: () => 6,
  paddingBottom: () => 6,
};

const ragMark = ({ rag, ragText }: FigureView): Content => ({
  columns: [
    { svg: ragShape(rag, 7), width: 7, margin: [0, 2, 0, 0] },
    { text: ragText, width: '*', fontSize: 8.5, color: ragColours[rag], bold: rag === 'red' },
  ],
  columnGap: 4,
});

/** The four figures that a review begins with. */
const cards = ({ view, words, value }: Writing): Content => {
  const chosen = (['revenueClosed', 'pipelineSourced', 'dealsSourced', 'winRate'] as const).flatMap(
    (metric) => view.figures.find((figure) => figure.metric === metric) ?? [],
  );
  const cell = (figure: FigureView): TableCell => ({
    stack: [
      label(figure.name),
      { text: value(figure.actual, figure.unit), fontSize: 14, bold: true, margin: [0, 2, 0, 1] },
      { text: `${words.target} ${value(figure.target, figure.unit)}`, fontSize: 8, color: quiet },
      { svg: quarterBars(figure, { width: 96, height: 22 }), margin: [0, 4, 0, 3] },
      ragMark(figure),
    ],
  });
  return { table: { widths: ['*', '*', '*', '*'], body: [chosen.map(cell)] }, layout: frame };
};

const row = ({ value }: Writing, figure: FigureView): TableCell[] => [
  { text: figure.name },
  { text: value(figure.actual, figure.unit), alignment: 'right', bold: true, noWrap: true },
  { text: value(figure.target, figure.unit), alignment: 'right', noWrap: true },
  { svg: bullet(figure, { width: 62, height: 9 }), margin: [0, 2, 0, 0] },
  { text: value(figure.previous, figure.unit), alignment: 'right', color: quiet, noWrap: true },
  { svg: quarterBars(figure, { width: 48, height: 11 }), margin: [0, 1, 0, 0] },
  ragMark(figure),
];

const figures = (writing: Writing): Content => {
  const { view, words } = writing;
  const head = (text: string, right = false): TableCell => ({
    text,
    bold: true,
    color: quiet,
    fontSize: 8,
    ...(right ? { alignment: 'right' } : {}),
  });
  const groups = metricGroups.flatMap((group): TableCell[][] => [
    [
      { text: words.groups[group], colSpan: 7, bold: true, fontSize: 8.5, color: accent, fillColor: stripe },
      ...Array.from({ length: 6 }, (): TableCell => ({})),
    ],
    ...view.figures.filter((figure) => figure.group === group).map((figure) => row(writing, figure)),
  ]);
  return {
    table: {
      widths: ['*', 'auto', 'auto', 62, 'auto', 48, 66],
      body: [
        [
          head(''),
          head(words.actual, true),
          head(words.target, true),
          head(''),
          head(words.previous, true),
          head(words.lastQuarters),
          head(words.state),
        ],
        ...groups,
      ],
    },
    layout: {
      hLineWidth: (line: number) => (line < 2 ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => rule,
      paddingTop: () => 2.2,
      paddingBottom: () => 2.2,
      paddingLeft: () => 4,
      paddingRight: () => 4,
    },
    fontSize: 8.8,
    margin: [0, 8, 0, 0],
  };
};

/** What the tier asks for, and the next one. */
const tier = ({ view, words, value, program }: Writing): Content[] => {
  const place = program.tiers.findIndex(({ id }) => id === view.tier);
  const [own, next] = [program.tiers[place], program.tiers[place + 1]];
  const told = (id: string): string =>
    view.tierCriteria
      .filter((it) => it.tier === id)
      .map(({ criterion, actual, needed }) => {
        const name = words.criteria[criterion] ?? criterion;
        return `${name}: ${actual === undefined ? words.notKnown : value(actual, 'plain')} ${words.of} ${value(needed, 'plain')}`;
      })
      .join(' · ');
  return [
    heading(`${words.tier}: ${own?.name ?? view.tier}`),
    ...(own && place > 0
      ? [{ text: `${words.ownTier(own.name)}: ${told(own.id)}`, fontSize: 8.8, margin: [0, 0, 0, 1] } satisfies Content]
      : []),
    { text: next ? `${words.nextTier(next.name)}: ${told(next.id)}` : words.highestTier, fontSize: 8.8 },
  ];
};

const actions = ({ view, words, day }: Writing): Content => {
  const agreed = view.review?.actions ?? [];
  if (agreed.length === 0) return { text: words.noActions, fontSize: 8.8, color: quiet };
  return {
    table: {
      widths: ['*', 'auto', 'auto'],
      body: agreed.map(({ title, owner, dueOn, done }): TableCell[] => [
        { text: title },
        { text: words.owners[owner], color: quiet, noWrap: true },
        { text: done ? words.done : day(dueOn), alignment: 'right', noWrap: true },
      ]),
    },
    layout: 'lightHorizontalLines',
    fontSize: 8.8,
  };
};

const head = ({ view, words, day }: Writing): Content => {
  const { health, review } = view;
  const locale = locales[view.language];
  const points = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const meeting = review?.meeting ? `${words.meeting}: ${day(review.meeting.startsAt)}` : '';
  return {
    columns: [
      {
        width: '*',
        stack: [
          {
            text: `${words.scorecard} ${view.quarter}${view.status === 'draft' ? ` · ${words.draft}` : ''}`,
            fontSize: 20,
            bold: true,
            color: accent,
          },
          { text: view.partnerName, fontSize: 13, margin: [0, 2, 0, 2] },
          {
            text: [words.scored(day(view.scoredAt), view.programVersion, view.revision), meeting]
              .filter(Boolean)
              .join(' · '),
            fontSize: 8,
            color: quiet,
          },
        ],
      },
      { width: 48, svg: ring(health.score, 48) },
      {
        width: 96,
        stack: [
          label(words.health),
          { text: points.format(health.score), fontSize: 17, bold: true },
          { text: words.bands[health.band] ?? health.band, fontSize: 8.5, bold: true, color: accent },
          { text: words.coverage(`${points.format(health.coverage)} %`), fontSize: 7.5, color: quiet },
        ],
      },
    ],
    columnGap: 10,
    margin: [0, 0, 0, 8],
  };
};

/** One page of A4 that is read in a minute; the same scorecard gives the same bytes. */
export const scorecardPdf = (view: ScorecardView, program: Program): Promise<Uint8Array> => {
  const writing = writingOf(view, program);
  const { words, day } = writing;
  const seen = view.review?.acknowledged;
  const content: Content = [
    head(writing),
    cards(writing),
    figures(writing),
    ...tier(writing),
    heading(words.comment),
    { text: view.review?.comment ?? words.noComment, fontSize: 8.8, color: view.review?.comment ? '#1c2733' : quiet },
    heading(words.actions),
    actions(writing),
    {
      text: seen ? words.acknowledged(day(seen.at)) : words.notAcknowledged,
      fontSize: 8,
      color: quiet,
      margin: [0, 8, 0, 0],
    },
  ];
  const title = `${words.scorecard} ${view.quarter}, ${view.partnerName}`;
  return pdfOf(content, { title, at: view.scoredAt });
};
