import { randomUUID } from 'node:crypto';
import { anActivePartner, aRegistration } from '#test/deals/a-deal.ts';
import { gatewayEvent } from '#test/support/call.ts';
import { repOf } from '#test/support/people.ts';

export const now = '2026-07-01T12:00:00.000Z';

const small = { amountMinor: 2_000_000, currency: 'USD' };
const large = { amountMinor: 9_000_000, currency: 'USD' };

/** Events for new registrations, each by a partner and of a customer of its own. `large` deals wait for a person. */
export const registrations = (count: number, size: 'small' | 'large' = 'large') =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const partnerId = await anActivePartner(`ptr_${randomUUID()}`);
      const customer = {
        companyName: 'Acme Industries',
        websiteUrl: `https://www.acme-${randomUUID()}.example`,
        countryCode: 'US',
      };
      const body = aRegistration({ customer, value: size === 'small' ? small : large });
      return gatewayEvent({ operation: 'register-deal', caller: repOf(partnerId), at: now, body });
    }),
  );
