import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { functionArn, type Lambda, runEngine } from '#test/states/running-engine.ts';

/** The workflow file as CDK substitutes it: `${ScoreSegmentFunctionArn}` becomes the ARN of `score-segment`. */
const definition = (): object =>
  JSON.parse(
    readFileSync('workflows/health/scoring-run.asl.json', 'utf8').replaceAll(/\$\{(\w+)FunctionArn\}/g, (_, name) =>
      functionArn(
        String(name)
          .replaceAll(/\B[A-Z]/g, '-$&')
          .toLowerCase(),
      ),
    ),
  );

const runId = 'scr_00000000000000000000000001';

/** Plays the workflow over three segments that each need two calls; answers which steps ran. */
const play = async (broken: number | undefined, step: 'score' | 'close' | 'done' = 'score') => {
  const steps: string[] = [];
  const calls = new Map<number, number>();
  const scoreSegment: Lambda = ({ segment }: { readonly segment: number }) => {
    const call = (calls.get(segment) ?? 0) + 1;
    calls.set(segment, call);
    steps.push(`score ${segment}`);
    if (segment === broken) throw new TypeError('a bug');
    return { runId, segment, isDone: call === 2 };
  };
  const running = await runEngine({
    definition: definition(),
    lambdas: {
      'load-scoring': () => ({ step, runId, attempt: 1, segments: [0, 1, 2].map((segment) => ({ runId, segment })) }),
      'score-segment': scoreSegment,
      'close-scoring': () => {
        steps.push('close');
        if (broken !== undefined) throw new Error('1 segments are not done.');
        return {};
      },
      'needs-attention': ({ subjectId }: { readonly subjectId: string }) => {
        steps.push(`mark ${subjectId}`);
        return {};
      },
    },
  });
  try {
    await running.start({ runId, attempt: 1 });
    await running.advance(3_600_000);
    const { status } = await running.describe('one');
    return { status, steps: steps.sort() };
  } finally {
    await running.close();
  }
};

test('the workflow of a run calls each segment until it is done, and then closes the run', async () => {
  const each = [0, 1, 2].flatMap((segment) => [`score ${segment}`, `score ${segment}`]);
  expect(await play(undefined)).toEqual({ status: 'SUCCEEDED', steps: ['close', ...each] });
});

test('what another execution has scored or completed is not scored again', async () => {
  expect(await play(undefined, 'close')).toEqual({ status: 'SUCCEEDED', steps: ['close'] });
  expect(await play(undefined, 'done')).toEqual({ status: 'SUCCEEDED', steps: [] });
});

test('a segment that fails at every try stops no other, and leaves the run marked for a person', async () => {
  const { status, steps } = await play(1);
  expect(status).toBe('SUCCEEDED');
  expect(steps.filter((each) => each === 'score 0' || each === 'score 2')).toHaveLength(4);
  expect(steps).toContain(`mark ${runId}`);
});
