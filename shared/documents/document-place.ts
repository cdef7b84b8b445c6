import { documentPlaces } from '#shared/core/document-places.ts';

/** Where the bytes of a document come in, and nobody looks at them but the worker. */
export const quarantineKey = (documentId: string): string => `${documentPlaces.quarantine}${documentId}`;

/** Where the verified bytes are. */
export const keptKey = (documentId: string): string => `${documentPlaces.kept}${documentId}`;

/** The document whose bytes have come in under this key; undefined when it is no document's. */
export const documentIdIn = (key: string): string | undefined =>
  key.startsWith(documentPlaces.quarantine)
    ? /^doc_[0-9A-Z]{26}$/.exec(key.slice(documentPlaces.quarantine.length))?.[0]
    : undefined;
