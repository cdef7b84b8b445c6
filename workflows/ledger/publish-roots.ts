import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { addDays, dayOf } from '#shared/core/time.ts';
import { listHeads } from '#shared/ledger/heads-store.ts';
import { rootOf } from '#shared/ledger/roots.ts';
import { setting } from '#shared/platform/config.ts';
import { log } from '#shared/platform/logger.ts';
import type { ScheduleEvent } from '#workflows/sweep.ts';

const s3 = new S3Client({});

/**
 * Publishes where every history ended that changed on the day before. What changed again since is published with its newer end, which
 * leads through the older one. A second run of the day adds a version; the bucket keeps the first as well.
 */
export const handler = async ({ time }: ScheduleEvent): Promise<void> => {
  const day = addDays(dayOf(new Date(time).toISOString(), 'UTC'), -1);
  const published = rootOf(day, await listHeads(day));
  await s3.send(
    new PutObjectCommand({
      Bucket: setting('AUDIT_BUCKET'),
      Key: `roots/${day}.json`,
      Body: JSON.stringify(published),
      ContentType: 'application/json',
      // Where objects are locked, S3 takes no upload without one.
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  log.info('root published', { day, root: published.root, heads: published.heads.length });
};
