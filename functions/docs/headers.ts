import * as z from 'zod';

export const requestIdHeader = z
  .string()
  .meta({ description: 'Names this request in our logs', header: { id: 'x-request-id' } });

export const etagHeader = z.string().meta({
  description: 'The version of the thing; send it back as If-Match',
  example: '"3"',
  header: { id: 'ETag' },
});

export const replayedHeader = z
  .literal('true')
  .optional()
  .meta({
    description: 'An earlier try of this request did it; this is its answer again',
    header: { id: 'Idempotency-Replayed' },
  });

/** Where a caller stands in a window that is counted; Retry-After only on a refusal. */
export const rateHeaders = {
  'retry-after': z.string().meta({ description: 'Seconds until the next window', example: '42' }),
  ratelimit: z.string().meta({
    description: 'Calls left in this window, and seconds until the next one',
    example: '"check-deal";r=0;t=42',
  }),
  'ratelimit-policy': z.string().meta({ description: 'Calls in a window', example: '"check-deal";q=60;w=60' }),
};

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .meta({
    description:
      'Names this request of yours: send the same key with every try of it, and a new one with every new request',
    example: '7b0b6f3e-5d0a-4c53-9d7c-0a4f1e6a2c11',
    param: { in: 'header', name: 'Idempotency-Key', id: 'IdempotencyKey' },
  });

const etag = z.string().regex(/^(?:W\/)?"\d{1,9}"$/);

export const ifMatchRequired = etag.meta({
  description: 'The ETag of the thing as you have read it: what changed since then is not overwritten',
  example: '"3"',
  param: { in: 'header', name: 'If-Match', id: 'IfMatch' },
});

export const ifMatchOptional = etag.optional().meta({
  description: 'The ETag of the thing as you have read it. Not needed here, honoured when sent',
  example: '"3"',
  param: { in: 'header', name: 'If-Match', id: 'IfMatchOptional' },
});

export const signatureIn = (name: string) =>
  z.string().meta({ description: 'By which its sender signs the body and the time', param: { in: 'header', name } });
