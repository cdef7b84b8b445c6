import { afterAll, beforeAll } from 'vitest';
import { type StartedS3, startTestS3 } from '#test/local/a-bucket.ts';
import { testTable } from '#test/platform/dynamodb.ts';

/** A table and a bucket for the tests of a file; the bucket is there once they run. */
export const aDocumentBucket = (): (() => StartedS3) => {
  let s3: StartedS3 | undefined;
  beforeAll(async () => {
    await testTable();
    s3 = await startTestS3();
    process.env.AWS_ENDPOINT_URL_S3 = s3.endpoint;
  });
  afterAll(() => s3?.close());
  return () => {
    if (!s3) throw new Error('There is no bucket before the tests run.');
    return s3;
  };
};
