import { beforeAll, expect, test } from 'vitest';
import { prepare } from './environment.ts';
import { type Fault, faultsWith } from './fault.ts';
import { runHistory } from './history.ts';
import type { Plot } from './plots.ts';
import { prngOf } from './prng.ts';
import type { World } from './world.ts';

beforeAll(async () => {
  prepare();
  // The SDK loads parts of itself at its first request, which takes time that no seed knows.
  await runHistory(1, { line: 'sdk' });
  await runHistory(1, { plot: 'money', line: 'sdk' });
  await runHistory(1, { plot: 'payouts', line: 'sdk' });
  await runHistory(1, { plot: 'health', line: 'sdk' });
});

const played = async (seed: number, plot: Plot, line: World['line']) => {
  const requests: string[] = [];
  const faults = faultsWith(prngOf(seed), 0.25);
  const decide = (request: Parameters<typeof faults>[0]): Fault => {
    const fault = faults(request);
    requests.push(`${request.label} ${request.operation} ${JSON.stringify(fault)}`);
    return fault;
  };
  const { recording } = await runHistory(seed, { plot, line, decide });
  return {
    requests,
    commits: recording.commits,
    facts: recording.facts,
    calls: recording.calls,
    mails: recording.mails,
  };
};

test.each([
  [7, 'deals'],
  [77, 'deals'],
  [777, 'deals'],
  [7777, 'money'],
  [77_777, 'payouts'],
  [777_777, 'health'],
] as const)(
  'when a history is played through the SDK and past it, then both are the same: seed %i of %s',
  async (seed, plot) => {
    const short = await played(seed, plot, 'short');
    const sdk = await played(seed, plot, 'sdk');
    expect(short.requests).toEqual(sdk.requests);
    expect(short.commits).toEqual(sdk.commits);
    expect(short.facts).toEqual(sdk.facts);
    expect(short.mails).toEqual(sdk.mails);
    // Request ids are made by the gateway, new each time.
    expect(short.calls.map(({ reply }) => reply?.status)).toEqual(sdk.calls.map(({ reply }) => reply?.status));
  },
  120_000,
);
