import * as z from 'zod';
import { contract, ThingId } from '#shared/core/contract.ts';
import { Announcement, Document } from './document.ts';

const { head: _head, doneKeys: _doneKeys, ...shown } = Document.shape;

/** A form or a link is signed for a short time; whoever comes later asks for another. */
export const uploadSeconds = 600;
export const downloadSeconds = 300;

/** What to post, as multipart/form-data, to send the file itself. */
const Upload = z
  .strictObject({
    url: z.string(),
    /** Each is sent as it is, before the field `file`. */
    fields: z.record(z.string(), z.string()),
    expiresInSeconds: z.int(),
  })
  .meta({ id: 'Upload' });

/** A document as callers see it; only a verified one has a link. */
export const DocumentView = z
  .object({
    ...shown,
    download: z.strictObject({ url: z.string(), expiresInSeconds: z.int() }).optional(),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.infer<typeof DocumentView>;

export const viewDocument = (document: Document, url: string | undefined): DocumentView => {
  const { head: _h, doneKeys: _k, ...view } = document;
  return { ...view, ...(url === undefined ? {} : { download: { url, expiresInSeconds: downloadSeconds } }) };
};

export const createDocument = contract({
  operation: 'create-document',
  summary: 'Announce a document; answers a form with which to upload exactly that file',
  body: z.strictObject({ ...Announcement.shape, partnerId: ThingId.optional() }),
  answers: {
    201: z.strictObject({ documentId: z.string(), upload: Upload }).meta({ id: 'DocumentUpload' }),
  },
  errors: ['not_found'],
});

export const getDocument = contract({
  operation: 'get-document',
  summary: 'Read what is known of a document, with a short-lived link to it once it is verified',
  params: z.strictObject({ documentId: ThingId }),
  answers: { 200: DocumentView },
  errors: ['not_found'],
});
