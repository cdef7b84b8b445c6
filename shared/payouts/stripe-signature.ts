import { createHmac, timingSafeEqual } from 'node:crypto';
import { millis } from '#shared/core/time.ts';

/** As Stripe's own libraries allow: a recording that is older is refused. */
const toleranceSeconds = 300;

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one, 'latin1'), Buffer.from(other, 'latin1'));

/**
 * Whether the header `t=<seconds>,v1=<hex>` was made by somebody who knows the secret, of this text and not long ago. While a secret is
 * renewed there is a `v1` for each (docs.stripe.com/webhooks, *Verify manually*).
 */
export const isSignedByStripe = (
  header: string,
  about: { readonly text: string; readonly secret: string; readonly now: string },
): boolean => {
  const parts = header.split(',').map((part) => part.trim());
  const told = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  if (!/^[0-9]{1,12}$/.test(told)) return false;
  if (Math.abs(millis(about.now) / 1000 - Number(told)) > toleranceSeconds) return false;
  const right = createHmac('sha256', about.secret).update(`${told}.${about.text}`).digest('hex');
  return parts.some((part) => part.startsWith('v1=') && isSame(part.slice(3), right));
};
