import { expect, test } from 'vitest';
import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import { DomainError } from '#shared/core/errors.ts';

/** Work that is overtaken so many times before it succeeds; counts its tries. */
const overtaken = (times: number) => {
  let tries = 0;
  return {
    tries: () => tries,
    work: async (): Promise<string> => {
      tries += 1;
      if (tries <= times) throw new DomainError('stale', 'version.stale', 'changed');
      return 'done';
    },
  };
};

test('when the system was faster and the caller saw no version, then it is done with what is there now', async () => {
  const { work, tries } = overtaken(3);
  expect(await againUnlessSeen({ version: undefined }, work)).toBe('done');
  expect(tries()).toBe(4);
});

test('when the caller said which version it has seen, then it is told at once', async () => {
  const { work, tries } = overtaken(1);
  await expect(againUnlessSeen({ version: 2 }, work)).rejects.toMatchObject({ code: 'version.stale' });
  expect(tries()).toBe(1);
});

test('when it is overtaken for ever, then it gives up', async () => {
  const { work, tries } = overtaken(Number.POSITIVE_INFINITY);
  await expect(againUnlessSeen({ version: undefined }, work)).rejects.toMatchObject({ code: 'version.stale' });
  expect(tries()).toBe(5);
});

test('when a rule refuses, then it is not tried again', async () => {
  let tries = 0;
  const work = async (): Promise<never> => {
    tries += 1;
    throw new DomainError('conflict', 'state.transition_not_allowed', 'no');
  };
  await expect(againUnlessSeen({ version: undefined }, work)).rejects.toMatchObject({ kind: 'conflict' });
  expect(tries).toBe(1);
});
