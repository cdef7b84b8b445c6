import { handler } from '#functions/earnings/door.ts';
import type { Operation } from '#shared/core/access.ts';
import type { EarningView } from '#shared/earnings/earning-contract.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { call, freshCustomer } from '#test/deals/at-the-deals-door.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { finance, manager, repOf } from '#test/support/people.ts';
import { followEvent } from '#workflows/follow-event.ts';

export const now = '2026-07-01T12:00:00.000Z';
export const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

export const ask = (operation: Operation, more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, { operation, at: now, caller: finance, ...more });

/** A deal of 20,000.00 USD of a partner of its own (a referral partner in the entry tier), approved at once. */
export const anOpenDeal = async (overrides: Record<string, unknown> = {}, partner: Record<string, unknown> = {}) => {
  const partnerId = await anActivePartner({ types: ['referral'], ...partner });
  const body = aRegistration({ customer: freshCustomer(), value: usd(2_000_000), ...overrides });
  const reply = await call('register-deal', { caller: repOf(partnerId), body });
  return { partnerId, dealId: String(reply.body.id), rep: repOf(partnerId) };
};

const onDeal =
  (operation: Operation, usual: Record<string, unknown>) =>
  (dealId: string, body: Record<string, unknown> = {}, more: Partial<Call> = {}): Promise<Reply> =>
    call(operation, { caller: manager, params: { dealId }, body: { ...usual, ...body }, ...more });

export const win = onDeal('close-deal', { outcome: 'won', closedOn: '2026-07-01' });
export const pay = onDeal('pay-deal', { amount: usd(2_000_000), paidOn: '2026-07-01' });
export const refund = onDeal('refund-deal', {
  kind: 'refund',
  occurredOn: '2026-07-01',
  reason: 'Half was not needed.',
});

const aboutMoney = new Set(['deal.won', 'deal.paid', 'deal.refunded', 'deal.milestone_reached', 'deal.usage_reported']);

/** Follows what happened to a deal as the stream does, in its order; what only sends mail is left out. */
export const follow = async (dealId: string): Promise<void> => {
  const events = await listEvents(dealId, 1, 1000);
  for (const event of events.filter(({ type }) => aboutMoney.has(type))) await followEvent(event);
};

export const earningsOf = async (partnerId: string, at = now): Promise<readonly EarningView[]> => {
  const { body } = await ask('list-earnings', { query: { partnerId, limit: '100' }, at });
  // The door answers what its contract says.
  return body.data as readonly EarningView[];
};

/** `commission 2,000.00 pending`, by kind and amount, as a reader would check it. */
export const inWords = (earnings: readonly EarningView[]): readonly string[] =>
  earnings
    .map(
      ({ kind, amount, status }) =>
        `${kind} ${(amount.amountMinor / 100).toLocaleString('en', { minimumFractionDigits: 2 })} ${status}`,
    )
    .sort();
