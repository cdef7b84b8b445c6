import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { keepLines } from '#local/kept/line-file.ts';

/** One version of an object. Its bytes lie beside, under its version id: no key ever becomes a path. */
const ObjectVersion = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string(),
  /** The system's time. */
  at: z.string(),
  sizeBytes: z.int().nonnegative(),
  etag: z.string(),
  /** Response headers that came with the object: its type, disposition and the like, checksums, metadata. */
  headers: z.record(z.string(), z.string()),
  /** Nobody takes it away before this instant of the system's time. */
  lockedUntil: z.string().optional(),
  lockMode: z.string().optional(),
  /** Says that the object is gone, while its older versions stay. */
  isDeleteMarker: z.boolean().optional(),
});
export type ObjectVersion = z.infer<typeof ObjectVersion>;

const Named = ObjectVersion.pick({ bucket: true, key: true, versionId: true });

const Line = z.discriminatedUnion('line', [
  z.object({ line: z.literal('put'), version: ObjectVersion }),
  z.object({ line: z.enum(['taken-away', 'told']), version: Named }),
]);

export interface ObjectStore {
  readonly put: (version: Omit<ObjectVersion, 'versionId' | 'sizeBytes'>, bytes: Uint8Array) => ObjectVersion;
  /** The latest version, which may be a delete marker. */
  readonly latest: (bucket: string, key: string) => ObjectVersion | undefined;
  readonly version: (bucket: string, key: string, versionId: string) => ObjectVersion | undefined;
  readonly bytes: (version: ObjectVersion) => Uint8Array;
  readonly takeAway: (version: ObjectVersion) => void;
  /** Versions that nobody has been told of yet, in the order in which they came. */
  readonly untold: () => readonly ObjectVersion[];
  readonly told: (version: ObjectVersion) => void;
}

/** Bytes in a folder, or in memory without one. */
const keepBytes = (folder: string | undefined) => {
  if (folder === undefined) {
    const kept = new Map<string, Uint8Array>();
    return {
      put: (id: string, bytes: Uint8Array): void => void kept.set(id, bytes),
      get: (id: string): Uint8Array => kept.get(id) ?? new Uint8Array(),
      remove: (id: string): void => void kept.delete(id),
    };
  }
  mkdirSync(folder, { recursive: true });
  return {
    put: (id: string, bytes: Uint8Array): void => writeFileSync(join(folder, id), bytes),
    get: (id: string): Uint8Array => readFileSync(join(folder, id)),
    remove: (id: string): void => rmSync(join(folder, id), { force: true }),
  };
};

/** All versions of all objects, on disk before `put` returns where `file` says where to keep things. */
export const createObjectStore = (file: (name: string) => string | undefined): ObjectStore => {
  const bytes = keepBytes(file('s3-objects'));
  const lines = keepLines(file('s3.ndjson'), Line);
  /** By bucket and key, the latest last. */
  const versions = new Map<string, ObjectVersion[]>();
  const untold = new Map<string, ObjectVersion>();
  const named = (bucket: string, key: string): ObjectVersion[] => versions.get(`${bucket}/${key}`) ?? [];
  const take = (line: z.infer<typeof Line>): void => {
    const { bucket, key, versionId } = line.version;
    const others = named(bucket, key).filter((each) => each.versionId !== versionId);
    if (line.line === 'put') untold.set(versionId, line.version);
    else untold.delete(versionId);
    if (line.line === 'put') versions.set(`${bucket}/${key}`, [...others, line.version]);
    if (line.line === 'taken-away') versions.set(`${bucket}/${key}`, others);
  };
  const write = (line: z.infer<typeof Line>): void => {
    lines.add(line);
    take(line);
  };
  for (const line of lines.all) take(line);
  return {
    put: (given, content) => {
      const version = { ...given, versionId: randomBytes(24).toString('base64url'), sizeBytes: content.length };
      if (!version.isDeleteMarker) bytes.put(version.versionId, content);
      write({ line: 'put', version });
      return version;
    },
    latest: (bucket, key) => named(bucket, key).at(-1),
    version: (bucket, key, versionId) => named(bucket, key).find((each) => each.versionId === versionId),
    bytes: ({ versionId }) => bytes.get(versionId),
    takeAway: ({ bucket, key, versionId }) => {
      write({ line: 'taken-away', version: { bucket, key, versionId } });
      bytes.remove(versionId);
    },
    untold: () => [...untold.values()],
    told: ({ bucket, key, versionId }) => write({ line: 'told', version: { bucket, key, versionId } }),
  };
};
