import { isUtf8 } from 'node:buffer';
import { fileTypeFromBuffer } from 'file-type';

/** What tells text from other bytes: it is UTF-8 and holds no control characters but those between words and lines. */
const isText = (bytes: Uint8Array): boolean =>
  isUtf8(bytes) &&
  !bytes.some((byte) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f);

/** What the bytes are, whatever anybody says; `text/plain` for readable text without a mark of its own, undefined for anything else. */
export const sniff = async (bytes: Uint8Array): Promise<string | undefined> => {
  const marked = await fileTypeFromBuffer(bytes);
  return marked?.mime ?? (isText(bytes) ? 'text/plain' : undefined);
};
