import type { StoredEvent } from '#shared/core/history.ts';
import { systemIntent } from '#shared/core/history.ts';
import { markProductive } from '#shared/partners/partner-life.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';

/** A partner's first approved deal ends its time to productivity; later ones change nothing. */
export const noteFirstDeal = async (event: StoredEvent): Promise<void> => {
  if (event.partnerId === undefined) return;
  const partner = await getPartner(event.partnerId);
  const productive = markProductive(partner, event.at);
  if (!productive) return;
  const intent = systemIntent('productive', event.partnerId, event.at);
  await commitChange(partner, changePartner(partner, productive, { type: 'partner.became_productive', intent }));
};
