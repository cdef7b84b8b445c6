import { describe, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { chancesIn, deaths, violationsAfterKills } from './kills.ts';
import { missingFrom, outcomes, runScene } from './scripted-history.ts';

/** Kills whoever can be killed in these scenes, at each of their requests. */
export const killEverywhere = (names: readonly string[]): void =>
  describe.each(names)('when %s', (scene) => {
    test('then workers have something to do, and what should come of it does', async () => {
      const recording = await runScene(scene, () => 'none');
      expect(violationsOf(recording)).toEqual([]);
      expect(outcomes[scene]).not.toBeUndefined();
      expect(missingFrom(scene, recording)).toEqual([]);
      expect(await chancesIn(scene)).not.toEqual([]);
    });

    test.each(deaths)(
      'and a worker is killed at any of its requests (%s), then nothing is lost, doubled or stuck',
      async (when) => {
        for await (const violation of violationsAfterKills(scene, when)) expect.fail(violation);
      },
      // Every kill of a release takes as long as the machine lets it.
      3_600_000,
    );
  });
