import { systemIntent } from '#shared/core/history.ts';
import { lapsePartner } from '#shared/partners/partner-life.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';

/** The time for a signature, or for an answer, is over. */
export const duePartner = async (partnerId: string, now: string): Promise<void> => {
  const partner = await getPartner(partnerId);
  if (!partner.due || partner.due.at > now) return;
  const intent = systemIntent('due', `${partnerId}@${partner.version}`, now);
  await commitChange(partner, changePartner(partner, lapsePartner(partner), { type: 'partner.lapsed', intent }));
};
