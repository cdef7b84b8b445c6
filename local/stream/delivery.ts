import * as z from 'zod';
import type { StreamMappingDescription } from '#local/template/system.ts';
import type { StreamRecord } from './stream-record.ts';

export interface DeliveryTools {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Waits before a repetition; false when the pump is being stopped and nothing more is to be tried. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
  readonly bury: (records: readonly StreamRecord[], reason: string) => void;
}

const BatchAnswer = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]),
});

type Outcome = { readonly failedFrom: number; readonly reason: string; readonly reported: boolean } | 'done';

/** The first failed record decides: it and everything after it comes again. */
const firstFailure = (records: readonly StreamRecord[], answer: unknown): Outcome => {
  // An empty answer means success; so does one without the field.
  const parsed = BatchAnswer.safeParse(answer ?? {});
  if (!parsed.success) return { failedFrom: 0, reason: 'the answer is not a list of failures', reported: false };
  const { batchItemFailures } = parsed.data;
  if (batchItemFailures.length === 0) return 'done';
  const positions = batchItemFailures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  // Naming a record that was not in the batch fails the whole batch.
  return { failedFrom: Math.max(0, Math.min(...positions)), reason: 'the function reported it', reported: true };
};

/**
 * Delivers one batch as a Lambda event source mapping does: repeats with growing pauses, halves a batch whose function threw,
 * goes on behind what a function reported as done, and buries what fails for good. Resolves to false when stopped midway:
 * the batch must then come again.
 */
export const deliver = async (
  records: readonly StreamRecord[],
  mapping: StreamMappingDescription,
  tools: DeliveryTools,
): Promise<boolean> => {
  const attempt = async (batch: readonly StreamRecord[]): Promise<Outcome> => {
    try {
      const answer = await tools.invoke(mapping.functionArn, { Records: batch });
      return mapping.reportsItemFailures ? firstFailure(batch, answer) : 'done';
    } catch (error) {
      return { failedFrom: 0, reason: error instanceof Error ? error.message : String(error), reported: false };
    }
  };
  let rest = records;
  let retries = 0;
  while (rest.length > 0) {
    const outcome = await attempt(rest);
    if (outcome === 'done') return true;
    rest = rest.slice(outcome.failedFrom);
    if (!outcome.reported && mapping.bisects && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      return (await deliver(rest.slice(0, middle), mapping, tools)) && deliver(rest.slice(middle), mapping, tools);
    }
    retries = outcome.failedFrom > 0 ? 1 : retries + 1;
    if (retries > mapping.maximumRetries) {
      tools.bury(rest, outcome.reason);
      return true;
    }
    if (!(await tools.pause(Math.min(50 * 2 ** retries, 1000)))) return false;
  }
  return true;
};
