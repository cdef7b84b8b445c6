import { moveTo } from '#shared/core/lifecycle.ts';
import { addDays, type Instant } from '#shared/core/time.ts';
import { type Announcement, type Document, documentLifecycle, extensions } from './document.ts';

const longestName = 120;

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/**
 * The name under which a file is handed out: the last part of what its owner sent, without a path, without control characters and
 * those that turn or hide text, and with the ending of its type, so that no reader's machine takes it for anything else.
 */
export const safeFileName = (fileName: string, contentType: Announcement['contentType']): string => {
  const last = fileName.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    // Controls, format characters (turned and invisible text among them), halves of characters, private and unassigned ones.
    .replace(/\p{C}/gu, '')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  const endings: readonly string[] = extensions[contentType];
  const ending = extensionOf(plain);
  const stem = endings.includes(ending) ? plain.slice(0, -ending.length - 1) : plain;
  const name = [...(stem || 'document')].slice(0, longestName).join('');
  return `${name}.${endings.includes(ending) ? ending : endings[0]}`;
};

/** A document that was announced and whose bytes have not come. */
export const expectDocument = (
  announcement: Announcement,
  about: { readonly id: string; readonly partnerId: string; readonly now: string },
): Document => ({
  ...announcement,
  fileName: safeFileName(announcement.fileName, announcement.contentType),
  id: about.id,
  partnerId: about.partnerId,
  status: 'expected',
  version: 0,
  head: '',
  createdAt: about.now,
  updatedAt: about.now,
});

/**
 * An upload's form holds for minutes, so what has not come in an hour does not come any more; what has come and is still expected was
 * not told of.
 */
const waitHours = 1;

/** When somebody looks whether the bytes of an expected document have come without a notice. */
export const lookAgainAt = ({ createdAt }: Pick<Document, 'createdAt'>): Instant => addDays(createdAt, waitHours / 24);

/** What was found when the bytes were read. */
export interface Found {
  readonly sizeBytes: number;
  /** Absent when the size alone decides, and nothing was read. */
  readonly sha256?: string;
  /** What the bytes say they are, or `text/plain` for readable text; undefined for anything else. */
  readonly type?: string | undefined;
}

/** Why the bytes are not what was announced, in words; undefined when they are. */
export const faultOf = (announced: Announcement, found: Found): string | undefined => {
  const { sizeBytes, sha256, contentType } = announced;
  if (found.sizeBytes !== sizeBytes) return `It has ${found.sizeBytes} bytes; ${sizeBytes} were announced.`;
  if (found.sha256 !== sha256) return 'Its bytes are not those that were announced: their SHA-256 is another.';
  const looked = found.type === 'text/plain' && contentType === 'text/csv' ? contentType : found.type;
  if (looked === contentType) return undefined;
  return `It was announced as ${contentType}, but its bytes are ${looked ?? 'of no type that is known here'}.`;
};

/** The document as verified, bound to this version of its file. Throws `state.transition_not_allowed` when it was looked at before. */
export const verify = (document: Document, versionId: string, now: string): Document => ({
  ...document,
  status: moveTo(documentLifecycle, document.status, 'verified'),
  versionId,
  checkedAt: now,
});

/** The document as rejected. Throws `state.transition_not_allowed` when it was looked at before. */
export const reject = (document: Document, reason: string, now: string): Document => ({
  ...document,
  status: moveTo(documentLifecycle, document.status, 'rejected'),
  reason,
  checkedAt: now,
});
