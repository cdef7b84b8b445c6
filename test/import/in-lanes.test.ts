import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inLanes } from '#local/import/in-lanes.ts';

/** Items are written `lane+number`; the log says when each began and ended. */
async function run(items: readonly string[], width: number, failing = '') {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const act = async (item: string) => {
    log.push(`begin ${item}`);
    running += 1;
    most = Math.max(most, running);
    for (let turns = item.endsWith('1') ? 5 : 1; turns > 0; turns -= 1) await turn();
    running -= 1;
    log.push(`end ${item}`);
    if (item === failing) throw new Error(`${item} failed`);
  };
  const outcome = await inLanes(items, { width, laneOf: (item) => item.slice(0, 1) }, act).then(
    () => 'done',
    (error: unknown) => String(error),
  );
  return { log, most, running, outcome };
}

describe('acting in lanes', () => {
  it('when items share a lane, then each begins after the one before it has ended', async () => {
    const { log } = await run(['a1', 'a2', 'b1', 'a3', 'b2'], 4);
    expect(log.filter((line) => line.includes(' a'))).toEqual([
      'begin a1',
      'end a1',
      'begin a2',
      'end a2',
      'begin a3',
      'end a3',
    ]);
    expect(log.filter((line) => line.includes(' b'))).toEqual(['begin b1', 'end b1', 'begin b2', 'end b2']);
  });

  it('when lanes differ, then they run side by side, but never more than the width', async () => {
    expect((await run(['a1', 'b1', 'c1', 'd1', 'e1'], 3)).most).toBe(3);
  });

  it('when one fails, then what has begun ends, nothing else begins, and the failure is thrown', async () => {
    const { log, running, outcome } = await run(['a2', 'a3', 'b1', 'c1'], 2, 'a2');
    expect(outcome).toBe('Error: a2 failed');
    expect(running).toBe(0);
    expect(log.filter((line) => line.startsWith('begin'))).toEqual(['begin a2', 'begin b1']);
  });
});
