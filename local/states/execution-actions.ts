import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { arn, awsInstant, pageOf, paging, readInput, readJson, readPage } from './action-input.ts';
import { AwsError } from './aws-error.ts';
import { startStrands } from './drive.ts';
import {
  cutExecution,
  type EventRow,
  type ExecutionRow,
  findExecution,
  forgetExecution,
  insertExecution,
  listEvents,
  listExecutions,
  statuses,
} from './execution-store.ts';
import { detailsName } from './history-event.ts';
import { machineOf, roleOf } from './machine-actions.ts';
import type { World } from './world.ts';

/** For so long a closed execution keeps its name. Source: AWS, StartExecution. */
const nameKeptMs = 90 * 24 * 60 * 60 * 1000;

/** Source: AWS, StartExecution, `name`. */
const nameForm = /^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u;

const startInput = z.strictObject({ stateMachineArn: arn, name: z.string().optional(), input: z.string().optional() });

/** Starting the same thing twice while it runs is one start; any other use of a taken name is refused. */
export function startExecution(world: World, input: unknown): object {
  const { stateMachineArn, name = randomUUID(), input: inputText = '{}' } = readInput(startInput, input);
  const { source, machine } = machineOf(world, stateMachineArn);
  if (!nameForm.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  const value = readJson(inputText, { code: 'InvalidExecutionInput', what: 'State Machine Execution Input' });
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const startedAt = world.now();
  const taken = findExecution(world.journal, executionArn);
  if (taken) {
    if (taken.status === 'RUNNING' && sameJson(taken.input, inputText)) return started(taken);
    const free = taken.stoppedAt !== null && taken.stoppedAt + nameKeptMs <= startedAt;
    if (!free) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    forgetExecution(world.journal, executionArn);
  }
  insertExecution(world.journal, {
    ...{ arn: executionArn, name, machineArn: stateMachineArn, machineName: source.name },
    ...{ definition: source.definition, startAt: machine.StartAt, roleArn: roleOf(stateMachineArn) },
    ...{ input: value, inputText, startedAt },
    timeoutAt: machine.TimeoutSeconds === undefined ? undefined : startedAt + machine.TimeoutSeconds * 1000,
  });
  startStrands(world, executionArn);
  return started({ arn: executionArn, startedAt });
}

const sameJson = (one: string, other: string): boolean =>
  JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));

const started = (row: { arn: string; startedAt: number }) => ({
  executionArn: row.arn,
  startDate: awsInstant(row.startedAt),
});

function executionOf(world: World, executionArn: string): ExecutionRow {
  if (!/^arn:[^:]+:states:[^:]*:[^:]*:execution:[^:]+:[^:]+$/.test(executionArn)) {
    throw new AwsError('InvalidArn', `Invalid Arn: '${executionArn}'`);
  }
  const row = findExecution(world.journal, executionArn);
  if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
  return row;
}

const describeInput = z.strictObject({
  executionArn: arn,
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

export function describeExecution(world: World, input: unknown): object {
  const { executionArn, includedData } = readInput(describeInput, input);
  const row = executionOf(world, executionArn);
  const withData = includedData !== 'METADATA_ONLY';
  return {
    ...summaryOf(row),
    ...(withData && { input: row.input }),
    inputDetails: { included: withData },
    ...(row.output !== null && { ...(withData && { output: row.output }), outputDetails: { included: withData } }),
    ...(row.error !== null && { error: row.error }),
    ...(row.cause !== null && { cause: row.cause }),
  };
}

const summaryOf = (row: ExecutionRow) => ({
  executionArn: row.arn,
  stateMachineArn: row.machineArn,
  name: row.name,
  status: row.status,
  startDate: awsInstant(row.startedAt),
  ...(row.stoppedAt !== null && { stopDate: awsInstant(row.stoppedAt) }),
  redriveCount: 0,
});

const listInput = z.strictObject({ stateMachineArn: arn, statusFilter: z.enum(statuses).optional(), ...paging });

export function listMachineExecutions(world: World, input: unknown): object {
  const { stateMachineArn, statusFilter, ...where } = readInput(listInput, input);
  machineOf(world, stateMachineArn);
  const page = readPage(where);
  const of = { machineArn: stateMachineArn, status: statusFilter };
  const found = pageOf(listExecutions(world.journal, of, { ...page, limit: page.limit + 1 }), page);
  return { executions: found.rows.map(summaryOf), nextToken: found.nextToken };
}

const historyInput = z.strictObject({
  executionArn: arn,
  reverseOrder: z.boolean().optional(),
  includeExecutionData: z.boolean().optional(),
  ...paging,
});

/** Payloads are part of a history on AWS too, task tokens in them included; metadata alone on request. */
export function getExecutionHistory(world: World, input: unknown): object {
  const { executionArn, reverseOrder = false, includeExecutionData = true, ...where } = readInput(historyInput, input);
  executionOf(world, executionArn);
  const page = readPage(where);
  const rows = listEvents(world.journal, executionArn, { ...page, limit: page.limit + 1, reverse: reverseOrder });
  const found = pageOf(rows, page);
  return { events: found.rows.map((row) => eventOf(row, includeExecutionData)), nextToken: found.nextToken };
}

const payloads = ['input', 'output', 'parameters', 'assignedVariables'];

function eventOf(row: EventRow, withData: boolean): object {
  const details = row.details === null ? undefined : Object.entries(JSON.parse(row.details) as Record<string, unknown>);
  return {
    id: row.id,
    previousEventId: row.previousId,
    timestamp: awsInstant(row.at),
    type: row.type,
    ...(details && {
      [detailsName(row.type)]: Object.fromEntries(details.filter(([name]) => withData || !payloads.includes(name))),
    }),
  };
}

const stopInput = z.strictObject({
  executionArn: arn,
  error: z.string().max(256).optional(),
  cause: z.string().max(32768).optional(),
});

/** Stopping what has ended changes nothing and is no error. */
export function stopExecution(world: World, input: unknown): Promise<object> {
  const { executionArn, error = '', cause = '' } = readInput(stopInput, input);
  executionOf(world, executionArn);
  return world.lanes.run(executionArn, async () => {
    const at = world.now();
    const row = executionOf(world, executionArn);
    if (row.status !== 'RUNNING') return { stopDate: awsInstant(row.stoppedAt ?? at) };
    cutExecution(world.journal, executionArn, { status: 'ABORTED', error, cause, at });
    return { stopDate: awsInstant(at) };
  });
}
