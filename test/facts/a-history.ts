import { StoredEvent, systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { call, large, now, register, small } from '#test/deals/at-the-deals-door.ts';
import { anEarning } from '#test/earnings/an-earning.ts';
import { aDecidedClaim, afterEvent } from '#test/mdf/a-claim.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { request } from '#test/support/every-door.ts';
import { finance, manager, repOf } from '#test/support/people.ts';
import { wholeItems } from '#test/support/whole-table.ts';

const later = '2026-07-02T14:30:00.000Z';
const closing = '2026-07-20T10:00:00.000Z';

/** What one partner did in a summer, with another who helped it. */
export const aSummer = async (): Promise<{ readonly partnerId: string; readonly helperId: string }> => {
  const [partnerId, helperId] = [await anActivePartner({ types: ['reseller', 'si'] }), await anActivePartner()];
  const dealOf = async (overrides: Record<string, unknown>): Promise<string> =>
    String((await register(partnerId, overrides)).body.id);
  const close = (dealId: string, body: Record<string, unknown>) =>
    call('close-deal', { caller: manager, at: closing, params: { dealId }, body });

  const big = await dealOf({ value: large });
  await decide(await anOpenApproval(big, now), { at: later });
  const helped = { partnerId: helperId, role: 'influenced', evidence: 'Gave the demo.', sharePercent: 30 };
  await call('attribute-deal', { caller: manager, at: later, params: { dealId: big }, body: helped });
  await close(big, { outcome: 'won', closedOn: '2026-07-15', invoicePaidOn: '2026-07-18' });
  const refund = { kind: 'refund', amount: small, occurredOn: '2026-07-19', reason: 'As agreed.' };
  await call('refund-deal', { caller: finance, at: closing, params: { dealId: big }, body: refund });

  const renewal = await dealOf({ value: small, dealType: 'renewal' });
  await close(renewal, { outcome: 'lost', closedOn: '2026-07-05', lossReason: 'No budget.' });
  const left = await dealOf({ value: small, dealType: 'expansion' });
  await call('withdraw-deal', { caller: repOf(partnerId), at: closing, params: { dealId: left }, body: {} });

  await aDecidedClaim(partnerId, { outcome: 'approve' });
  const { claimId } = await aDecidedClaim(helperId, { outcome: 'approve' });
  const found = { reason: 'There was no event.' };
  await request({
    operation: 'claw-back-mdf-claim',
    caller: finance,
    at: afterEvent,
    params: { claimId },
    body: found,
  });
  const earning = anEarning({ id: derivedId('ern', partnerId), partnerId });
  await saveEarning(bookEarning(earning, systemIntent('earn', partnerId, now)));
  return { partnerId, helperId };
};

/** All events that are stored. */
export const storedEvents = async (): Promise<readonly StoredEvent[]> =>
  (await wholeItems()).filter(({ kind }) => kind === 'event').map((item) => StoredEvent.parse(item));
