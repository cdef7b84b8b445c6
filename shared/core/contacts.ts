import countries from 'i18n-iso-countries/codes.json' with { type: 'json' };
import * as z from 'zod';

const codes: ReadonlySet<string> = new Set(countries.flatMap(([code]) => (code ? [code] : [])));

/** ISO 3166-1 alpha-2. */
export const CountryCode = z
  .string()
  .refine((code) => codes.has(code), 'must be a country code of ISO 3166-1 alpha-2, such as "US"')
  .meta({ example: 'US' });

const makeWritten = (max: number) =>
  z.string().check(
    z.trim(),
    z.minLength(1),
    z.maxLength(max),
    z.refine((text: string) => !/\p{Cc}/u.test(text.replace(/[\n\r\t]/g, '')), 'must not contain control characters'),
  );

/** Making a schema costs more than using it, and there are few lengths. */
const made = new Map<number, ReturnType<typeof makeWritten>>();

/** Text that a person wrote: trimmed, not empty, at most `max` characters, without control characters but line breaks. */
export const written = (max: number): ReturnType<typeof makeWritten> => {
  const schema = made.get(max) ?? makeWritten(max);
  made.set(max, schema);
  return schema;
};

export const Address = z
  .strictObject({
    streetAddress: written(200),
    city: written(100),
    stateOrRegion: written(100).optional(),
    postalCode: written(20),
    countryCode: CountryCode,
  })
  .meta({ id: 'Address' });

export const Contact = z
  .strictObject({
    firstName: written(100),
    lastName: written(100),
    email: z.email().max(254).toLowerCase(),
    businessTitle: written(100).optional(),
    phone: z
      .string()
      .trim()
      .regex(/^\+?[0-9 ()./-]{5,30}$/, 'must be a telephone number, such as +1 555 010 0100')
      .optional(),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;
