import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { type Acknowledged, acknowledged } from '#infra/acknowledged.ts';
import { acknowledge, packsFor } from '#infra/checks.ts';
import { DataStack } from '#infra/data-stack.ts';
import { EdgeStack } from '#infra/edge-stack.ts';
import { ServiceStack } from '#infra/service-stack.ts';
import { stageNamed } from '#infra/stages.ts';

interface Finding {
  readonly stage: string;
  readonly rule: string;
  /** Below the stack. */
  readonly place: string;
}

/** What the packs find in a stage, all but what these rows acknowledge. */
const findingsIn = (stageName: string, rows: readonly Acknowledged[]): readonly Finding[] => {
  const app = new App({ analyticsReporting: false });
  const stage = stageNamed(stageName);
  const data = new DataStack(app, 'Data', stage);
  new ServiceStack(app, 'Service', { stage, data, codeOf: () => Code.fromInline('exports.handler = () => {}') });
  new EdgeStack(app, 'Edge', stage);
  acknowledge(app, stageName, rows);
  return packsFor(app)
    .flatMap((pack) => pack.validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        stage: stageName,
        rule: ruleName,
        place: constructPath.slice(constructPath.indexOf('/') + 1),
      })),
    );
};

test.each(['dev', 'prod'])('what AWS would find in %s is mended or has a reason', (stage) => {
  expect(findingsIn(stage, acknowledged)).toEqual([]);
});

describe('a reason', () => {
  const found = ['dev', 'prod'].flatMap((stage) => findingsIn(stage, []));
  const rows = acknowledged.flatMap((row) => row.rules.map((rule) => ({ ...row, rule })));

  test.each(rows)('for $rule in $where excuses something', ({ rule, where, stage }) => {
    const excused = found.filter((finding) => finding.rule === rule && where.test(finding.place));
    expect(excused.filter((finding) => stage === undefined || stage === finding.stage)).not.toEqual([]);
  });

  test('is given at most ten times, in a sentence', () => {
    expect(acknowledged.length).toBeLessThanOrEqual(10);
    for (const { reason } of acknowledged) expect(reason).toMatch(/^[A-Z].{30,}\.$/s);
  });
});
