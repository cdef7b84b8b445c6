import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type S3, startS3 } from '#local/s3/s3.ts';
import type { BucketDescription, EventRuleDescription } from '#local/template/system.ts';

export const now = '2030-01-01T12:00:00.000Z';

const aBucket = (name: string, overrides: Partial<BucketDescription> = {}): BucketDescription => ({
  name,
  arn: `arn:aws:s3:::${name}`,
  isVersioned: true,
  canLock: false,
  tellsEvents: false,
  methodsForBrowsers: [],
  ...overrides,
});

const buckets = [
  aBucket('documents', { tellsEvents: true, methodsForBrowsers: ['POST'] }),
  aBucket('audit', { canLock: true, retention: { mode: 'COMPLIANCE', days: 1 } }),
];

export interface Told {
  readonly functionArn: string;
  readonly event: unknown;
}

export interface StartedS3 extends S3 {
  readonly client: (more?: S3ClientConfig) => S3Client;
  /** Calls of functions, in the order in which they were made. */
  readonly told: readonly Told[];
}

export interface S3Wishes {
  readonly folder?: string;
  /** The system's time; signatures live in machine time all the same. */
  readonly time?: () => string;
  /** What a called function does. */
  readonly work?: () => Promise<unknown>;
}

const rules: readonly EventRuleDescription[] = [
  {
    id: 'Uploads',
    pattern: { source: ['aws.s3'], detail: { object: { key: [{ prefix: 'quarantine/' }] } } },
    functionArn: 'arn:verify',
  },
];

/** The laptop's S3 with a bucket for documents and one with locks, and the SDK's own client for it. */
export const startTestS3 = async ({ folder, time = () => now, work }: S3Wishes = {}): Promise<StartedS3> => {
  const told: Told[] = [];
  const s3 = await startS3({
    buckets,
    rules,
    now: time,
    portal: 'http://localhost:3000',
    file: (name) => folder && `${folder}/${name}`,
    invoke: async (functionArn, event) => {
      told.push({ functionArn, event });
      return work?.();
    },
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return {
    ...s3,
    told,
    client: (more = {}) => new S3Client({ endpoint: s3.endpoint, region: 'eu-central-1', credentials, ...more }),
  };
};
