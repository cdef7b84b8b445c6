import { systemIntent } from '#shared/core/history.ts';
import { previousQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { dayOf } from '#shared/core/time.ts';
import { listFacts } from '#shared/facts/fact-store.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { lapsePartner } from '#shared/partners/partner-life.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { dueTierChange } from '#shared/partners/tier-life.ts';
import { judgeTier, type TierJudgement } from '#shared/partners/tier-of-quarter.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';
import { saveTierChange } from './apply-tier.ts';

const quartersBack = (quarter: Quarter, quarters: number): Quarter =>
  quarters === 0 ? quarter : quartersBack(previousQuarter(quarter), quarters - 1);

/** What the figures say now, of the last quarter and of the running one. */
const judgeNow = async (partner: Partner, program: Program, now: string): Promise<readonly TierJudgement[]> => {
  const running = quarterOf(dayOf(now, program.timeZone), program.fiscalYearStart);
  const known = await listFacts(partner.id, { from: quartersBack(running, 4), to: running });
  const score = known.filter(({ kind }) => kind === 'health.score').toSorted((a, b) => a.at - b.at);
  return [previousQuarter(running), running].map((quarter) => {
    const facts = known.filter((fact) => fact.quarter <= quarter);
    return judgeTier({ partnerId: partner.id, quarter, profile: partner, facts }, program, score.at(-1)?.value);
  });
};

const dueTier = async (partner: Partner, what: string, now: string): Promise<void> => {
  const { program } = await programAt(now);
  const present = what === 'tier_loss' ? await judgeNow(partner, program, now) : [];
  const intent = systemIntent('due', `${partner.id}@${partner.version}`, now);
  await saveTierChange(partner, dueTierChange(partner, present, { program, now }), intent);
};

/** The time for a signature, or for an answer, is over; or a tier's notice goes on. */
export const duePartner = async (partnerId: string, now: string): Promise<void> => {
  const partner = await getPartner(partnerId);
  if (!partner.due || partner.due.at > now) return;
  if (partner.due.what !== 'lapse') return dueTier(partner, partner.due.what, now);
  const intent = systemIntent('due', `${partnerId}@${partner.version}`, now);
  await commitChange(partner, changePartner(partner, lapsePartner(partner), { type: 'partner.lapsed', intent }));
};
