import type { IncomingMessage } from 'node:http';

/** Reads a request to its end; undefined when it is larger than allowed, the rest then being thrown away. */
export const readBody = async (message: IncomingMessage, maximumBytes: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    // A request without an encoding set gives buffers.
    bytes += (chunk as Buffer).length;
    if (bytes <= maximumBytes) chunks.push(chunk as Buffer);
  }
  return bytes <= maximumBytes ? Buffer.concat(chunks) : undefined;
};
