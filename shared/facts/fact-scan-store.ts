import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { activity, activityTable } from '#shared/platform/activity-table.ts';
import type { FactItem } from './fact-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | one segment of all facts, page by page; a partner's facts are neighbours | activity | scan |
 */
export interface SegmentPage {
  /** As the wire has them; `factOf` reads one. A partner's last items may stand on the next page. */
  readonly items: readonly FactItem[];
  /** Where the next page begins; undefined at the segment's end. */
  readonly next: FactItem | undefined;
  /** Read units that the page took. */
  readonly readUnits: number;
}

/** One of `segments` parts of the table, numbered from 0; `limit` items at most, or a megabyte. Eventually consistent, at half the price. */
export const readSegment = async (
  part: { readonly segment: number; readonly segments: number; readonly limit?: number },
  after: FactItem | undefined,
): Promise<SegmentPage> => {
  const { Items, LastEvaluatedKey, ConsumedCapacity } = await activity.send(
    new ScanCommand({
      TableName: activityTable(),
      Segment: part.segment,
      TotalSegments: part.segments,
      ReturnConsumedCapacity: 'TOTAL',
      ...(part.limit !== undefined && { Limit: part.limit }),
      ...(after && { ExclusiveStartKey: after }),
    }),
  );
  return { items: Items ?? [], next: LastEvaluatedKey, readUnits: ConsumedCapacity?.CapacityUnits ?? 0 };
};
