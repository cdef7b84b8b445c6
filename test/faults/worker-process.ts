import type { DynamoDBStreamEvent } from 'aws-lambda';
import { handler as followUp } from '#workflows/approvals/follow-up.ts';
import { handler as needsAttention } from '#workflows/approvals/needs-attention.ts';
import { handler as ask } from '#workflows/approvals/request-approval.ts';
import { handler as onStoredChange } from '#workflows/on-stored-change.ts';
import { handler as sweep } from '#workflows/sweep.ts';

/** A worker as a process of its own: does one job after another that its parent sends, and says how each ended. */
export type Job =
  | { readonly worker: 'on-stored-change'; readonly event: DynamoDBStreamEvent }
  | { readonly worker: 'Ask'; readonly event: Parameters<typeof ask>[0] }
  | { readonly worker: 'FollowUp'; readonly event: Parameters<typeof followUp>[0] }
  | { readonly worker: 'NeedsAttention'; readonly event: Parameters<typeof needsAttention>[0] }
  | { readonly worker: 'sweep'; readonly event: Parameters<typeof sweep>[0] };

export type Outcome = { readonly value: unknown } | { readonly error: string };

const run = (job: Job): Promise<unknown> => {
  switch (job.worker) {
    case 'on-stored-change':
      // It needs neither context nor callback.
      return (onStoredChange as (event: DynamoDBStreamEvent) => Promise<unknown>)(job.event);
    case 'Ask':
      return ask(job.event);
    case 'FollowUp':
      return followUp(job.event);
    case 'NeedsAttention':
      return needsAttention(job.event);
    case 'sweep':
      return sweep(job.event);
  }
};

process.on('message', (job: Job) => {
  run(job).then(
    (value) => process.send?.({ value: value ?? null }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
