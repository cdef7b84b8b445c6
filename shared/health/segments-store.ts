import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { activity, activityTable } from '#shared/platform/activity-table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | how large the facts are | activity | its description, which AWS brings up to date every six hours |
 */
const bytesPerSegment = 128 * 1024 * 1024;
/** Below it one worker is done before more of them have started. */
const oneSegmentBytes = 16 * 1024 * 1024;
const [fewest, most] = [8, 1000];

const segmentsFor = (bytes: number): number =>
  bytes <= oneSegmentBytes ? 1 : Math.min(most, Math.max(fewest, Math.ceil(bytes / bytesPerSegment)));

/** Into how many parts the facts are cut, which are scanned side by side. */
export const countSegments = async (): Promise<number> => {
  const { Table } = await activity.send(new DescribeTableCommand({ TableName: activityTable() }));
  return segmentsFor(Table?.TableSizeBytes ?? 0);
};
