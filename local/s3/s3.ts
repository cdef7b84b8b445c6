import { listen } from '#local/listen.ts';
import { region } from '#local/template/cloud.ts';
import { createNotices, type Notices, type NoticesOptions } from './object-notices.ts';
import { createObjectStore } from './object-store.ts';
import { createS3Server, type S3ServerOptions } from './s3-server.ts';

export type S3Options = Omit<NoticesOptions, 'store'> & Pick<S3ServerOptions, 'buckets' | 'now' | 'portal'>;

export interface S3 extends Omit<Notices, 'tell'> {
  /** Base URL for the SDK's endpoint setting. */
  readonly endpoint: string;
  /** Tells what a process that ended had left untold. */
  readonly resume: () => void;
  readonly close: () => Promise<void>;
}

/** The buckets of the template, with what was kept in them, and the functions that wait for what comes into them. */
export const startS3 = async ({ file, buckets, ...options }: S3Options): Promise<S3> => {
  const store = createObjectStore(file);
  const notices = createNotices({ ...options, store, file });
  const server = createS3Server({
    ...options,
    buckets,
    store,
    // What functions have in their environment here.
    signer: { accessKeyId: 'local', secretAccessKey: 'local', region },
    created: notices.tell,
  });
  const port = await listen(server, 0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    resume: () => {
      for (const version of store.untold()) {
        const bucket = buckets.find(({ name }) => name === version.bucket);
        if (bucket) notices.tell(bucket, version, 'PutObject');
      }
    },
    settled: notices.settled,
    deadLetters: notices.deadLetters,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
