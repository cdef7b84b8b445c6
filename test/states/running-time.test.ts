import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { createStatesEngine } from '#local/states/states-engine.ts';
import { dayMs, executionArn, machine, machineArn } from './running-engine.ts';

test('when time runs by itself, then what is due happens unasked, and what is due in months does not', {
  timeout: 120_000,
}, async () => {
  const rest = { Type: 'Wait', Seconds: '{% $states.input %}', End: true };
  const source = { arn: machineArn, name: 'Tested', definition: JSON.stringify(machine({ Rest: rest })) };
  const clock = { databasePath: ':memory:', now: Date.now, pollMs: 20 };
  const engine = createStatesEngine({ ...clock, invoke: async () => null, machines: [source] });
  const { url } = await engine.listen(0);
  const credentials = { accessKeyId: 'laptop', secretAccessKey: 'laptop' };
  const sfn = new SFNClient({ endpoint: url, region: 'eu-central-1', credentials });
  const start = (name: string, input: string) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }));

  await start('months', '8000000');
  await start('soon', '1');
  await engine.idle();
  await expect.poll(() => Number(engine.nextDeadline()), { timeout: 60_000 }).toBeGreaterThan(Date.now() + 92 * dayMs);
  expect(engine.transitions(executionArn('months'))).toBe(2);
  expect(engine.transitions(executionArn('soon'))).toBe(2);
  sfn.destroy();
  await engine.close();
});
