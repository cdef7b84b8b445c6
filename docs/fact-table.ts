import { type FactKindId, factKinds, kindOf } from '#shared/facts/fact-kinds.ts';
import { factMeanings } from '#shared/facts/fact-meanings.ts';

const units = {
  count: 'a count',
  money: 'minor units',
  hours: 'hours',
  days: 'days',
  'basis-points': 'hundredths of a percent',
  points: 'points',
  yes: '1 or 0',
} as const;

const remarks = (id: FactKindId): string => {
  const { standing, zeroKnown, company, range } = kindOf(id);
  return [
    standing && 'holds until a newer one comes',
    zeroKnown && 'none is zero',
    company && 'about no single partner',
    range && `from ${range[0]} to ${range[1]}`,
  ]
    .filter(Boolean)
    .join(', ');
};

/** The kinds of facts that program files, reports and imports name. */
export const factTable = (): string =>
  [
    '| fact | what happened | value | from | |',
    '| --- | --- | --- | --- | --- |',
    ...(Object.keys(factKinds) as FactKindId[]).map((id) => {
      const { unit, source } = kindOf(id);
      return `| \`${id}\` | ${factMeanings[id]} | ${units[unit]} | ${source} | ${remarks(id)} |`;
    }),
  ].join('\n');
