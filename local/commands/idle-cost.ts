import type { StackTemplate } from './stack-template.ts';

/** What a thing costs each month when nobody uses it, at AWS's list price; US cents. */
const idleCents: Readonly<Record<string, number>> = {
  'AWS::KMS::Key': 100,
  'AWS::SecretsManager::Secret': 40,
  'AWS::CloudWatch::Dashboard': 300,
  'AWS::Logs::MetricFilter': 30,
  'AWS::WAFv2::WebACL': 500,
};
const alarmMetricCents = 10;
const firewallRuleCents = 100;

type Resource = StackTemplate['Resources'][string];

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** An alarm is paid for each metric it looks at, of which the sum itself is none. */
const metricsOf = ({ Properties }: Resource): number => Math.max(1, lengthOf(Properties?.Metrics) - 1);

const centsOf = (resource: Resource): number => {
  if (resource.Type === 'AWS::CloudWatch::Alarm') return alarmMetricCents * metricsOf(resource);
  const fixed = idleCents[resource.Type] ?? 0;
  // A secret costs the same again where a copy of it is kept.
  if (resource.Type === 'AWS::SecretsManager::Secret' && resource.Properties?.ReplicaRegions) return 2 * fixed;
  const rules = resource.Type === 'AWS::WAFv2::WebACL' ? lengthOf(resource.Properties?.Rules) : 0;
  return fixed + rules * firewallRuleCents;
};

export interface CostRow {
  readonly type: string;
  readonly count: number;
  readonly cents: number;
}

/** What stands idle costs this; everything else of ours costs only while it is used. Free tiers are not taken off. */
export const idleCost = (templates: readonly StackTemplate[]): readonly CostRow[] => {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  return [...Map.groupBy(resources, ({ Type }) => Type)]
    .map(([type, its]) => ({
      type,
      count: its.length,
      cents: its.reduce((sum, each) => sum + centsOf(each), 0),
    }))
    .filter(({ cents }) => cents > 0)
    .toSorted((one, other) => other.cents - one.cents);
};

const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

export const tellCost = (rows: readonly CostRow[]): readonly string[] => [
  ...rows.map(
    ({ type, count, cents }) =>
      `${dollars(cents).padStart(8)}  ${String(count).padStart(3)} × ${type.replace('AWS::', '')}`,
  ),
  `${dollars(rows.reduce((sum, { cents }) => sum + cents, 0)).padStart(8)}  a month when nobody uses it; all else is paid by use`,
];
