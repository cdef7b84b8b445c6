import { readFileSync } from 'node:fs';
import { handler as followUp } from '#workflows/approvals/follow-up.ts';
import { handler as needsAttention } from '#workflows/approvals/needs-attention.ts';
import { handler as ask } from '#workflows/approvals/request-approval.ts';
import { handler as closeScoring } from '#workflows/health/close-scoring.ts';
import { handler as loadScoring } from '#workflows/health/load-scoring.ts';
import { handler as scoreSegment } from '#workflows/health/score-segment.ts';
import { handler as close } from '#workflows/payouts/close-run.ts';
import { handler as collect } from '#workflows/payouts/collect-payouts.ts';
import { handler as freeze } from '#workflows/payouts/freeze-run.ts';
import { handler as load } from '#workflows/payouts/load-run.ts';
import { handler as pay } from '#workflows/payouts/pay-chunk.ts';
import { handler as release } from '#workflows/payouts/release-chunk.ts';

/** Our state machines as histories drive them: what is retried, and how often, and what follows, is read from their files. */
export interface State {
  readonly Type: 'Task' | 'Map' | 'Choice' | 'Succeed';
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Next?: string;
  readonly Catch?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };
  readonly ToleratedFailurePercentage?: number;
}

/** What goes from state to state; what is in it says the file of the machine. */
export type Data = Readonly<Record<string, unknown>>;

/** What a task learns of the execution it stands in. */
export interface Surroundings {
  readonly token: string;
  readonly tries: number;
  readonly error: string;
  readonly at: string;
}

export interface Machine {
  readonly startAt: string;
  readonly states: Readonly<Record<string, State>>;
  /** What each task does. */
  readonly tasks: Readonly<Record<string, (data: Data, around: Surroundings) => Promise<unknown>>>;
  /** What a state gives to the next. */
  readonly output: (state: string, data: Data, result: unknown) => Data;
  readonly choose: (data: Data) => string;
  /** What a Map goes through. */
  readonly items: (state: string, data: Data) => readonly Data[];
  /** Whether an item of a Map is done by what its task answered; else it is called again. */
  readonly isItemDone: (result: unknown) => boolean;
  readonly approvalIdOf: (data: Data) => string;
  /** How often the engine loses an execution between two states, or believes that a task has died which lives on. */
  readonly hardship: number;
}

const statesIn = (file: string): Machine['states'] => JSON.parse(readFileSync(file, 'utf8')).States;

/** The inputs are what the file hands to each function; so each is what its handler takes. */
const given = <Input>(data: Data, more: object = {}): Input => ({ ...data, ...more }) as Input;

const approval: Machine = {
  startAt: 'Ask',
  states: statesIn('workflows/approvals/approval.asl.json'),
  tasks: {
    Ask: (data, { token, tries, at }) => ask(given(data, { taskToken: token, retry: tries, at })),
    FollowUp: (data) => followUp(given(data)),
    NeedsAttention: (data, { error, at }) => needsAttention(given(data, { error, cause: '', at })),
  },
  output: (_state, data) => data,
  choose: () => '',
  items: () => [],
  isItemDone: () => true,
  approvalIdOf: ({ approvalId }) => String(approvalId),
  hardship: 0,
};

const whereTo = ({ step, asked }: Data): string => {
  if (step === 'ask') return asked ? 'Superseded' : 'Ask';
  return { collect: 'Collect', pay: 'Pay', release: 'Release' }[String(step)] ?? 'Close';
};

const payoutRun: Machine = {
  startAt: 'Load',
  states: statesIn('workflows/payouts/payout-run.asl.json'),
  tasks: {
    Load: (data, { at }) => load(given(data, { at })),
    CollectShard: (data, { at }) => collect(given(data, { at })),
    Freeze: (data, { at }) => freeze(given(data, { at })),
    Ask: (data, { token, tries, at }) =>
      ask(given(data, { subjectId: data.runId, taskToken: token, retry: tries, at })),
    PayChunk: (data, { at }) => pay(given(data, { at })),
    ReleaseChunk: (data, { at }) => release(given(data, { at })),
    Close: (data, { at }) => close(given(data, { at })),
    NeedsAttention: ({ runId }, { error, at }) =>
      needsAttention(given({ subjectId: runId, approvalId: `apr_${runId}_1`, error, cause: '', at })),
  },
  output: (state, data, result) => {
    const { runId, attempt } = data;
    if (state === 'Load') return { ...(result as Data), asked: 'asked' in data };
    return state === 'Ask' ? { runId, attempt, asked: true } : { runId, attempt };
  },
  choose: whereTo,
  items: (state, { shards, chunks }) => (state === 'Collect' ? shards : chunks) as readonly Data[],
  isItemDone: () => true,
  approvalIdOf: ({ approvalId }) => String(approvalId ?? ''),
  hardship: 0.03,
};

const scoringRun: Machine = {
  startAt: 'Load',
  states: statesIn('workflows/health/scoring-run.asl.json'),
  tasks: {
    Load: (data, { at }) => loadScoring(given(data, { at })),
    ScoreSegment: (data, { at }) => scoreSegment(given(data, { at })),
    Close: (data, { at }) => closeScoring(given(data, { at })),
    NeedsAttention: ({ runId }, { error, at }) =>
      needsAttention(given({ subjectId: runId, approvalId: `apr_${runId}_1`, error, cause: '', at })),
  },
  output: (state, { runId, attempt }, result) => (state === 'Load' ? (result as Data) : { runId, attempt }),
  choose: ({ step }) => ({ score: 'Score', done: 'Done' })[String(step)] ?? 'Close',
  items: (_state, { segments }) => segments as readonly Data[],
  isItemDone: (result) => (result as { readonly isDone: boolean }).isDone,
  approvalIdOf: () => '',
  hardship: 0.03,
};

/** By the name of the machine at the end of its ARN. */
export const machines: Readonly<Record<string, Machine>> = {
  Approval: approval,
  PayoutRun: payoutRun,
  ScoringRun: scoringRun,
};
