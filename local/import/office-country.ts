import countries from 'i18n-iso-countries';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

countries.registerLocale(english);

/** As the CRM spells them, where the list of countries does not follow. */
const crmSpelling: Readonly<Record<string, string>> = { Philipines: 'PH', Korea: 'KR' };

/** ISO 3166-1 alpha-2 of an office location, or nothing for a place that is not a country. */
export const officeCountry = (location: string): string | undefined =>
  crmSpelling[location] ?? countries.getAlpha2Code(location, 'en');
