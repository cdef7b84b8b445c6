import { createHash, randomBytes } from 'node:crypto';
import { type Intent, systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import type { Announcement, Document } from '#shared/documents/document.ts';
import { insertDocument, saveFinding } from '#shared/documents/document-store.ts';
import { commitGate } from '#test/support/gates.ts';

export const now = '2026-07-01T12:00:00.000Z';

/** The SHA-256 of bytes that no other test has. */
export const freshSha256 = (): string => createHash('sha256').update(randomBytes(16)).digest('hex');

/** What a partner says of a file before it sends it. */
export const anAnnouncement = (overrides: Partial<Announcement> = {}): Announcement => ({
  purpose: 'invoice',
  fileName: 'invoice.pdf',
  contentType: 'application/pdf',
  sizeBytes: 1234,
  sha256: freshSha256(),
  ...overrides,
});

/** A document that was announced and has not come. */
export const aDocument = (overrides: Partial<Document> = {}): Document => ({
  id: derivedId('doc', randomBytes(16).toString('hex')),
  status: 'expected',
  version: 0,
  head: '',
  createdAt: now,
  updatedAt: now,
  partnerId: 'ptr_documents',
  ...anAnnouncement(),
  ...overrides,
});

const intentOf = (step: string, { id }: Document): Intent => systemIntent(step, id, now);

/** Stores a document as it is after its partner announced it. */
export const anExpectedDocument = async (overrides: Partial<Document> = {}): Promise<Document> => {
  const document = aDocument(overrides);
  await commitGate(document.partnerId);
  return (await insertDocument(document, intentOf('announce', document))).entity;
};

/** Stores a document as it is after its bytes were found to be what was announced, so that it can be claimed. */
export const aVerifiedDocument = async (overrides: Partial<Document> = {}): Promise<Document> => {
  const expected = await anExpectedDocument(overrides);
  const verified = { ...expected, status: 'verified', versionId: 'v1', checkedAt: now } as const;
  return (await saveFinding(expected, verified, intentOf('verify', expected))).entity;
};

export const aRejectedDocument = async (overrides: Partial<Document> = {}): Promise<Document> => {
  const expected = await anExpectedDocument(overrides);
  const rejected = { ...expected, status: 'rejected', reason: 'It is not a PDF.', checkedAt: now } as const;
  return (await saveFinding(expected, rejected, intentOf('verify', expected))).entity;
};
