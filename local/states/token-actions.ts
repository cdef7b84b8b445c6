import * as z from 'zod';
import { readInput, readJson } from './action-input.ts';
import { AwsError } from './aws-error.ts';
import { stir } from './drive.ts';
import type { Stimulus } from './strand.ts';
import { findToken } from './strand-store.ts';
import { isToken, type World } from './world.ts';

const taskToken = z.string().min(1).max(2048);

/**
 * Gives an answer to the task that waits for this token. The answer stands in the journal before the caller hears of it.
 * An answer after the deadline is late even if nobody has looked at the clock since.
 */
async function tell(world: World, token: string, stimulus: Stimulus): Promise<object> {
  if (!isToken(token)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  const target = findToken(world.journal, token);
  if (!target) throw new AwsError('TaskDoesNotExist', "Task Does Not Exist: 'Provided task does not exist'");
  await stir(world, target, { kind: 'due' });
  if (await stir(world, target, stimulus)) return {};
  throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}

const successInput = z.strictObject({ taskToken, output: z.string() });

export async function sendTaskSuccess(world: World, input: unknown): Promise<object> {
  const { taskToken: token, output: text } = readInput(successInput, input);
  const output = readJson(text, { code: 'InvalidOutput', what: 'Task Output' });
  return tell(world, token, { kind: 'called back', token, output });
}

const failureInput = z.strictObject({
  taskToken,
  error: z.string().max(256).optional(),
  cause: z.string().max(32768).optional(),
});

export async function sendTaskFailure(world: World, input: unknown): Promise<object> {
  const { taskToken: token, error = '', cause = '' } = readInput(failureInput, input);
  return tell(world, token, { kind: 'called off', token, error, cause });
}

export async function sendTaskHeartbeat(world: World, input: unknown): Promise<object> {
  const { taskToken: token } = readInput(z.strictObject({ taskToken }), input);
  return tell(world, token, { kind: 'heartbeat', token });
}
