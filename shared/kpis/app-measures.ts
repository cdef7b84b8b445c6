import { roundedShare } from '#shared/core/rounded-share.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { App, Apps } from './apps.ts';
import { type FactsByKind, isLater, ofKind } from './facts-by-kind.ts';
import type { Span } from './periods.ts';

const isWithin = ({ from, until }: Span, { at }: Fact): boolean => at >= from && at < until;

/** A partner has several apps when its facts say which they are about. */
const appOf = (fact: Fact): string => (fact.about === undefined ? fact.partnerId : `${fact.partnerId} ${fact.about}`);

/** The partner's apps: how many have each installed as it is now, and how many took it out in each of the spans. */
export const appsOf = (facts: FactsByKind, spans: readonly Span[]): readonly Apps[] => {
  const installs = new Map<string, Fact>();
  for (const fact of ofKind(facts, 'integration.installs')) {
    const app = appOf(fact);
    if (isLater(fact, installs.get(app))) installs.set(app, fact);
  }
  const removals = installs.size === 0 ? [] : ofKind(facts, 'integration.churned');
  const removedFrom = (app: string, span: Span): number =>
    removals.filter((fact) => isWithin(span, fact) && appOf(fact) === app).reduce((sum, { value }) => sum + value, 0);
  return spans.map((span) => [...installs].map(([app, { value }]): App => [app, value, removedFrom(app, span)]));
};

/** The mean uptime of the app that was up least, in hundredths of a percent, half-even; undefined when nobody told of any. */
export const lowestUptimeOf = (facts: FactsByKind, span: Span): number | undefined => {
  const told = ofKind(facts, 'integration.uptime').filter((fact) => isWithin(span, fact));
  if (told.length === 0) return undefined;
  const means = [...Map.groupBy(told, appOf).values()].map((those) =>
    Number(roundedShare(BigInt(those.reduce((sum, { value }) => sum + value, 0)), BigInt(those.length))),
  );
  return Math.min(...means);
};
