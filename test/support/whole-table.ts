import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '#shared/platform/table.ts';

/** Everything that is stored, as it is stored. */
export const wholeItems = async (): Promise<readonly Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({
        TableName: process.env.PROGRAM_TABLE,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
};
