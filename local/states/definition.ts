import * as z from 'zod';
import { isExpression } from './expression.ts';
import type { Json } from './json.ts';

/*
 * The part of Amazon States Language that runs here, field by field. Objects are strict: a field that is not in this
 * file is refused by its name when a machine is loaded, never ignored while it runs.
 */

const json = z.json() as z.ZodType<Json>;
const expression = z.string().refine(isExpression, 'must be a JSONata expression between {% and %}');
const amount = (least: number) => z.union([z.int().min(least), expression]);
const text = z.string();
const variables = z.record(z.string(), json);

const retrier = z.strictObject({
  ErrorEquals: z.array(text).min(1),
  IntervalSeconds: z.int().min(1).optional(),
  MaxAttempts: z.int().min(0).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
  Comment: text.optional(),
});

const catcher = z.strictObject({
  ErrorEquals: z.array(text).min(1),
  Next: text,
  Assign: variables.optional(),
  Output: json.optional(),
  Comment: text.optional(),
});

const common = { Comment: text.optional(), QueryLanguage: z.literal('JSONata').optional() };
const going = { Next: text.optional(), End: z.literal(true).optional() };
const shaping = { Assign: variables.optional(), Output: json.optional() };
const recovering = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

export const invokeResource = 'arn:aws:states:::lambda:invoke';
export const invokeAndWaitResource = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
/** What `lambda:invoke` can be given here; the rest of Lambda's Invoke has no meaning on the laptop. */
export const invokeArguments = new Set(['FunctionName', 'Payload']);
const lambdaArn = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?$/;

const resource = text.refine((arn) => arn === invokeResource || arn === invokeAndWaitResource || lambdaArn.test(arn), {
  error: (issue) => `the resource '${issue.input}' is not supported`,
});

const task = z.strictObject({
  Type: z.literal('Task'),
  Resource: resource,
  Arguments: json,
  TimeoutSeconds: amount(1).optional(),
  HeartbeatSeconds: amount(1).optional(),
  ...common,
  ...going,
  ...shaping,
  ...recovering,
});

/** Assign and Output stand in the rules: AWS's texts disagree on what they would mean on the state itself. */
const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z
    .array(
      z.strictObject({
        Condition: z.union([z.boolean(), expression]),
        Next: text,
        Comment: text.optional(),
        ...shaping,
      }),
    )
    .min(1),
  Default: text.optional(),
  ...common,
});

const pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...going, ...shaping });

const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: amount(0).optional(),
  Timestamp: text.optional(),
  ...common,
  ...going,
  ...shaping,
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), Output: json.optional(), ...common });
const fail = z.strictObject({ Type: z.literal('Fail'), Error: text.optional(), Cause: text.optional(), ...common });

const mapFields = {
  Type: z.literal('Map'),
  Items: z.union([z.array(json), expression]).optional(),
  ItemSelector: json.optional(),
  MaxConcurrency: amount(0).optional(),
  ToleratedFailureCount: amount(0).optional(),
  ToleratedFailurePercentage: z.union([z.int().min(0).max(100), expression]).optional(),
  Label: text.optional(),
  ...common,
  ...going,
  ...shaping,
  ...recovering,
};

const processorConfig = z.strictObject({
  Mode: z.enum(['INLINE', 'DISTRIBUTED']).optional(),
  ExecutionType: z.literal('STANDARD').optional(),
});

/** States that refer to one another: the machine itself, or the inside of a Map. */
export interface Scope {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const states: z.ZodType<Record<string, State>> = z.lazy(() => z.record(z.string(), state));

const map = z.strictObject({
  ...mapFields,
  ItemProcessor: z.strictObject({
    ProcessorConfig: processorConfig.optional(),
    Comment: text.optional(),
    StartAt: text,
    States: states,
  }),
});

const state = z.discriminatedUnion('Type', [task, choice, pass, wait, succeed, fail, map]);

export const machineSchema = z.strictObject({
  Comment: text.optional(),
  QueryLanguage: z.literal('JSONata'),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).optional(),
  StartAt: text,
  States: states,
});

export type Machine = z.infer<typeof machineSchema>;
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type TaskState = z.infer<typeof task>;
export type ChoiceState = z.infer<typeof choice>;
export type PassState = z.infer<typeof pass>;
export type WaitState = z.infer<typeof wait>;
export type SucceedState = z.infer<typeof succeed>;
export type FailState = z.infer<typeof fail>;
export type MapState = z.infer<z.ZodObject<typeof mapFields, z.core.$strict>> & {
  readonly ItemProcessor: Scope & { readonly ProcessorConfig?: z.infer<typeof processorConfig> | undefined };
};
export type State = TaskState | ChoiceState | PassState | WaitState | SucceedState | FailState | MapState;

export const isDistributed = (state: MapState): boolean => state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
