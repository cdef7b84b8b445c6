import { isUtf8 } from 'node:buffer';
import { fileTypeFromBuffer } from 'file-type';

const lineBreaksAndTabs: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d]);
const isControl = (byte: number): boolean => (byte < 0x20 && !lineBreaksAndTabs.has(byte)) || byte === 0x7f;

/** What tells text from other bytes: it is UTF-8 and holds no control characters but those between words and lines. */
const isText = (bytes: Uint8Array): boolean => {
  if (!isUtf8(bytes)) return false;
  // A plain loop: as a callback for each byte it takes a second for the largest file.
  for (const byte of bytes) if (isControl(byte)) return false;
  return true;
};

/** What the bytes are, whatever anybody says; `text/plain` for readable text without a mark of its own, undefined for anything else. */
export const sniff = async (bytes: Uint8Array): Promise<string | undefined> => {
  const marked = await fileTypeFromBuffer(bytes);
  return marked?.mime ?? (isText(bytes) ? 'text/plain' : undefined);
};
