import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Operation } from '#shared/core/access.ts';
import { DomainError } from '#shared/core/errors.ts';
import { millis } from '#shared/core/time.ts';
import { setting } from './config.ts';
import { documents } from './table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | count one caller's calls of one operation in one window | table | pk = `rate#<caller>#<operation>#<window>`, sk = `rate` |
 *
 * Windows are fixed and begin at multiples of their length since 1970. A count is no entity: it has no history, is written alone,
 * and the table forgets it by its TTL. An answer that is lost may count a call twice, which is on the safe side.
 */
export interface Limit {
  readonly operation: Operation;
  readonly callerId: string;
  /** Calls allowed in one window. */
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Where a caller stands in the present window. */
export interface Turn {
  /** Or the class of operations that are counted together. */
  readonly operation: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Until the next window begins. */
  readonly resetSeconds: number;
}

const graceSeconds = 3600;

/** Counts this call. Throws `rate.limited`, with the turn as its facts, when the window's calls are used up. */
export const takeTurn = async (limit: Limit, now: string): Promise<Turn> => {
  const { callerId, ...rule } = limit;
  const nowSeconds = Math.floor(millis(now) / 1000);
  const window = Math.floor(nowSeconds / rule.windowSeconds);
  const endsSeconds = (window + 1) * rule.windowSeconds;
  const standing = { ...rule, resetSeconds: endsSeconds - nowSeconds };
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: setting('PROGRAM_TABLE'),
        Key: { pk: `rate#${callerId}#${rule.operation}#${window}`, sk: 'rate' },
        UpdateExpression: 'SET #kind = :kind, #expiresAt = :expiresAt ADD #count :one',
        ConditionExpression: 'attribute_not_exists(#count) OR #count < :limit',
        ExpressionAttributeNames: { '#kind': 'kind', '#expiresAt': 'expiresAt', '#count': 'count' },
        ExpressionAttributeValues: {
          ':kind': 'rate',
          ':expiresAt': endsSeconds + graceSeconds,
          ':one': 1,
          ':limit': rule.limit,
        },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return { ...standing, remaining: rule.limit - Number(Attributes?.count) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const message = `At most ${rule.limit} of these are answered in ${rule.windowSeconds} seconds; go on in ${standing.resetSeconds}.`;
    throw new DomainError('conflict', 'rate.limited', message, { facts: { ...standing, remaining: 0 } });
  }
};
