import { preferred } from './preferred.ts';

/** In which people are written to; the first one when they name none of them. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** By an Accept-Language header: `de-AT` is met with German. */
export const languageFor = (acceptLanguage: string): Language =>
  preferred(acceptLanguage, languages, (name, language) => name === language || name.startsWith(`${language}-`));
