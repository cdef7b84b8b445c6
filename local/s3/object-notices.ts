import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { keepLines } from '#local/kept/line-file.ts';
import { compilePattern } from '#local/stream/event-pattern.ts';
import { account, region } from '#local/template/cloud.ts';
import type { BucketDescription, EventRuleDescription } from '#local/template/system.ts';
import type { ObjectStore, ObjectVersion } from './object-store.ts';

const DeadLetter = z.object({ at: z.string(), rule: z.string(), reason: z.string(), event: z.unknown() });
export type DeadLetter = z.infer<typeof DeadLetter>;

export interface NoticesOptions {
  readonly rules: readonly EventRuleDescription[];
  readonly store: ObjectStore;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly file: (name: string) => string | undefined;
}

export interface Notices {
  /** Tells whoever waits for it that an object has come; at least once, also when the process ends in between. */
  readonly tell: (bucket: BucketDescription, version: ObjectVersion, reason: string) => void;
  /** Resolves when everything that was to be told has been told or given up. */
  readonly settled: () => Promise<void>;
  readonly deadLetters: readonly DeadLetter[];
}

const eventOf = (bucket: BucketDescription, version: ObjectVersion, reason: string) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account,
  // EventBridge tells whole seconds.
  time: version.at.replace(/\.\d+Z$/, 'Z'),
  region,
  resources: [bucket.arn],
  detail: {
    version: '0',
    bucket: { name: bucket.name },
    object: {
      key: version.key,
      size: version.sizeBytes,
      etag: version.etag.replaceAll('"', ''),
      ...(bucket.isVersioned ? { 'version-id': version.versionId } : {}),
      sequencer: Date.parse(version.at).toString(16).toUpperCase().padStart(16, '0'),
    },
    'request-id': randomUUID(),
    requester: account,
    'source-ip-address': '127.0.0.1',
    reason,
  },
});

/** Lambda tries an asynchronous call twice more. */
const tries = 3;

/** What EventBridge does with the events of buckets: the functions of every rule that they match are called, each by itself. */
export const createNotices = ({ rules, store, invoke, file }: NoticesOptions): Notices => {
  const compiled = rules.map((rule) => ({ ...rule, matches: compilePattern(rule.pattern) }));
  const deadLetters = keepLines(file('upload-dead-letters.ndjson'), DeadLetter);
  const running = new Set<Promise<unknown>>();
  const call = async (rule: EventRuleDescription, event: ReturnType<typeof eventOf>): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await invoke(rule.functionArn, event);
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (attempt === tries) {
          console.error(`${rule.id}: ${event.detail.object.key} failed for good (${reason}); see /local/dead-letters.`);
          return deadLetters.add({ at: new Date().toISOString(), rule: rule.id, reason, event });
        }
        await pause(100 * attempt);
      }
    }
  };
  return {
    tell: (bucket, version, reason) => {
      const event = eventOf(bucket, version, reason);
      const waiting = bucket.tellsEvents ? compiled.filter(({ matches }) => matches(event)) : [];
      if (waiting.length === 0) return store.told(version);
      const telling = Promise.all(waiting.map((rule) => call(rule, event))).then(() => store.told(version));
      running.add(telling);
      void telling.finally(() => running.delete(telling));
    },
    settled: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
    deadLetters: deadLetters.all,
  };
};
