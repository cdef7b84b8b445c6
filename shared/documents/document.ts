import * as z from 'zod';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { Instant } from '#shared/core/time.ts';

export const documentStatuses = ['expected', 'verified', 'rejected'] as const;
export const DocumentStatus = z.enum(documentStatuses);
export type DocumentStatus = z.infer<typeof DocumentStatus>;

/** Once it is looked at, a document stays what it was found to be: a new upload is a new document. */
export const documentLifecycle: Lifecycle<DocumentStatus> = {
  expected: ['verified', 'rejected'],
  verified: [],
  rejected: [],
};

/** What a document is for. */
export const DocumentPurpose = z.enum(['invoice', 'proof']);
export type DocumentPurpose = z.infer<typeof DocumentPurpose>;

/** The types that are taken, and how the names of such files end. */
export const extensions = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
  'text/csv': ['csv'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;

export type ContentType = keyof typeof extensions;

const contentTypes = Object.keys(extensions) as [ContentType, ...ContentType[]];
export const ContentType = z.enum(contentTypes, `must be one of ${contentTypes.join(', ')}`);

/** 20 MiB. */
export const maxSizeBytes = 20 * 1024 * 1024;

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the file as 64 hexadecimal digits in small letters')
  .meta({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' });

/** What is announced of a file, and what is held against its bytes when they have come. */
export const Announcement = z.strictObject({
  purpose: DocumentPurpose,
  fileName: z.string().min(1).max(255),
  contentType: ContentType,
  sizeBytes: z
    .int()
    .min(1, 'must be at least 1: an empty file proves nothing')
    .max(maxSizeBytes, `must be at most ${maxSizeBytes} (20 MiB)`),
  sha256: Sha256,
});
export type Announcement = z.infer<typeof Announcement>;

export const Document = z.object({
  ...Tracked.shape,
  status: DocumentStatus,
  ...Announcement.shape,
  partnerId: z.string(),
  /** The one version of the object that was read and found to be as announced; nothing else is ever handed out or paid for. */
  versionId: z.string().optional(),
  /** When it was verified or rejected. */
  checkedAt: Instant.optional(),
  /** Why it was rejected. */
  reason: z.string().optional(),
});
export type Document = z.infer<typeof Document>;

/** A document as a claim binds it: a later upload has another version, and is not what was claimed. */
export const ClaimedDocument = z.object({ documentId: z.string(), versionId: z.string(), sha256: Sha256 });
export type ClaimedDocument = z.infer<typeof ClaimedDocument>;
