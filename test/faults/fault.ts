import type { Prng } from './prng.ts';

/** A request as it leaves the SDK: after serializing, inside its retries. */
export interface Request {
  readonly service: 'dynamodb' | 'states' | 'ses' | 'cognito-idp' | 's3' | 'stripe';
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The invocation that sends it. */
  readonly label: string;
}

export type Fault =
  | 'none'
  | 'request-lost'
  | 'answer-lost'
  | 'lands-later'
  | 'throttled'
  | 'died-before'
  | 'died-after'
  | { readonly fault: 'cancelled'; readonly code: string; readonly position: number }
  | { readonly fault: 'terse'; readonly chosen: number }
  | { readonly fault: 'stale'; readonly commits: number }
  | { readonly fault: 'partial'; readonly left: number };

/** An index, or a scan, says what was so many commits ago. */
export const mostStale = 6;

const cancellations = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'] as const;

/** A fault that can happen to this kind of request. */
const faultFor = ({ operation, body }: Request, prng: Prng): Fault => {
  const general = ['request-lost', 'answer-lost', 'throttled', 'died-before', 'died-after'] as const;
  if (operation === 'TransactWriteItems') {
    const size = (body.TransactItems as readonly unknown[]).length;
    const position = prng.int(size);
    return prng.pick([
      ...general,
      'answer-lost',
      'lands-later',
      { fault: 'cancelled', code: prng.pick(cancellations), position },
      { fault: 'cancelled', code: prng.pick(cancellations), position },
      { fault: 'terse', chosen: prng.next() },
    ]);
  }
  if (operation === 'CreateTransfer') return prng.pick([...general, 'answer-lost', 'answer-lost', 'lands-later']);
  if (operation === 'BatchGetItem') return prng.pick([...general, { fault: 'partial', left: prng.next() }]);
  if (operation === 'BatchWriteItem')
    return prng.pick([...general, 'answer-lost', 'lands-later', { fault: 'partial', left: prng.next() }]);
  if (operation === 'PutItem') return prng.pick([...general, 'answer-lost', 'lands-later']);
  if (operation === 'Scan' || (operation === 'Query' && body.IndexName !== undefined)) {
    const stale = { fault: 'stale', commits: 1 + prng.int(mostStale) } as const;
    return prng.pick([...general, stale, stale, stale]);
  }
  return prng.pick(general);
};

/** Faults with this probability, chosen by the seed. */
export const faultsWith =
  (prng: Prng, probability: number) =>
  (request: Request): Fault =>
    prng.chance(probability) ? faultFor(request, prng) : 'none';

export const noFault = (): Fault => 'none';
