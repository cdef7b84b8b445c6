import * as z from 'zod';
import { arn, awsInstant, pageOf, paging, readInput, readPage } from './action-input.ts';
import { AwsError } from './aws-error.ts';
import type { DeployedMachine, World } from './world.ts';

export function machineOf(world: World, machineArn: string): DeployedMachine {
  if (!/^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:[^:]+(:[^:]+)?$/.test(machineArn)) {
    throw new AwsError('InvalidArn', `Invalid Arn: '${machineArn}'`);
  }
  const found = world.machines.get(machineArn);
  if (!found) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
  return found;
}

/** Roles do not exist on the laptop; the SDK expects the member all the same. */
export const roleOf = (machineArn: string): string => `arn:aws:iam::${machineArn.split(':')[4] ?? ''}:role/laptop`;

/** Machines come from the template; the laptop keeps no date of their making, the SDK expects one. */
const summaryOf = ({ source }: DeployedMachine) => ({
  stateMachineArn: source.arn,
  name: source.name,
  type: 'STANDARD',
  creationDate: awsInstant(0),
});

const describeInput = z.strictObject({
  stateMachineArn: arn,
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

export function describeStateMachine(world: World, input: unknown): object {
  const { stateMachineArn, includedData } = readInput(describeInput, input);
  const found = machineOf(world, stateMachineArn);
  return {
    ...summaryOf(found),
    status: 'ACTIVE',
    ...(includedData !== 'METADATA_ONLY' && { definition: found.source.definition }),
    roleArn: roleOf(stateMachineArn),
  };
}

export function listStateMachines(world: World, input: unknown): object {
  const page = readPage(readInput(z.strictObject(paging), input));
  const all = [...world.machines.values()].sort((one, other) => one.source.arn.localeCompare(other.source.arn));
  const found = pageOf(all.slice(page.offset, page.offset + page.limit + 1), page);
  return { stateMachines: found.rows.map(summaryOf), nextToken: found.nextToken };
}
