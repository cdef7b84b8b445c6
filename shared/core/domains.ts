import { parse } from 'tldts';
import * as z from 'zod';

/**
 * The registrable domain of a website, in lower-case ASCII, by the public suffix list with its private part (`acme.github.io` is a
 * company of its own). Undefined when the text is no web address, or one without a name of its own, such as an IP address.
 */
export const registrableDomain = (websiteUrl: string): string | undefined => {
  const text = websiteUrl.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  // An e-mail address is no website, and often of somebody else's domain.
  if (!hasScheme && /^[^/?#]*@/.test(text)) return undefined;
  const url = URL.parse(hasScheme ? text : `https://${text}`);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const { domain, isIp } = parse(url.hostname.replace(/\.$/, ''), { allowPrivateDomains: true });
  return isIp || domain === null ? undefined : domain;
};

/** A company's website; its registrable domain is what identifies the company. */
export const WebsiteUrl = z
  .string()
  .trim()
  .max(2000)
  .refine(
    (text) => registrableDomain(text) !== undefined,
    'must be the address of a website with a domain of its own, such as https://www.example.com',
  )
  .meta({ example: 'https://www.acme.example' });
