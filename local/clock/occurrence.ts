import awsCronParser from 'aws-cron-parser';

const minute = 60_000;
const units: Readonly<Record<string, number>> = { minute, hour: 60 * minute, day: 24 * 60 * minute };

/**
 * When a schedule fires next after an instant, both in milliseconds; undefined when never again. In the cloud a rate counts
 * from the schedule's creation, here from midnight. Throws, naming it, at an expression the laptop does not know.
 */
export const nextOccurrence = (expression: string, after: number): number | undefined => {
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const period = Number(count) * (units[unit] ?? 0);
  if (period > 0) return (Math.floor(after / period) + 1) * period;
  const [, cron] = /^cron\((.+)\)$/.exec(expression) ?? [];
  if (cron === undefined) throw new Error(`The laptop does not know the schedule ${expression}.`);
  return awsCronParser.next(awsCronParser.parse(cron), new Date(after))?.getTime();
};
