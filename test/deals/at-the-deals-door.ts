import { handler } from '#functions/deals/door.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { brokenLink, type StoredEvent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { repOf } from '#test/support/people.ts';
import { anActivePartner, aRegistration } from './a-deal.ts';

export const now = '2026-07-01T12:00:00.000Z';

export const small = { amountMinor: 2_000_000, currency: 'USD' };
export const large = { amountMinor: 9_000_000, currency: 'USD' };

let serial = 0;
const next = (): number => {
  serial += 1;
  return serial;
};

export const freshPartner = (overrides: Record<string, unknown> = {}): Promise<string> =>
  anActivePartner(`ptr_fresh${next()}`, overrides);

export const freshCustomer = (overrides: Record<string, unknown> = {}) => ({
  companyName: 'Acme Industries',
  websiteUrl: `https://www.customer-${next()}.example`,
  countryCode: 'US',
  ...overrides,
});

export const call = (operation: Operation, more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, { operation, at: now, ...more });

export const register = (partnerId: string, overrides: Record<string, unknown> = {}, more: Partial<Call> = {}) =>
  call('register-deal', {
    caller: repOf(partnerId),
    body: aRegistration({ customer: freshCustomer(), ...overrides }),
    ...more,
  });

/** A registered deal of a partner of its own: `small` ones are approved at once, `large` ones wait. */
export const aStoredDeal = async (overrides: Record<string, unknown> = {}) => {
  const partnerId = await freshPartner();
  const { body } = await register(partnerId, { value: small, ...overrides });
  return { partnerId, dealId: String(body.id), rep: repOf(partnerId) };
};

export const look = (dealId: string, caller: Caller, at = now): Promise<Reply> =>
  call('get-deal', { caller, params: { dealId }, at });

/** The deal as it is stored, and its events, oldest first. Throws where they do not fit together. */
export const storyOf = async (dealId: string): Promise<{ deal: Deal; events: readonly StoredEvent[] }> => {
  const deal = await getDeal(dealId);
  const events = await listEvents(dealId, 1, 100);
  const broken = brokenLink(events);
  if (broken) throw new Error(broken);
  if (events.length !== deal.version || events.at(-1)?.hash !== deal.head) throw new Error(`${dealId} is cut short`);
  return { deal, events };
};

export const openDealsOf = async (partnerId: string): Promise<unknown> => {
  const [gate] = await read([{ pk: partnerId, sk: 'gate' }]);
  return gate?.openDeals;
};

export const outcomeOf = ({ status, body }: Reply): string => `${status} ${body.code ?? body.status}`;
