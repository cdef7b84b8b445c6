import { type StoredEvent, systemIntent } from '#shared/core/history.ts';
import { allocate, budgetIdOf, givenBefore, quarterAt } from '#shared/mdf/allocate-budget.ts';
import { findBudget, saveAllocation } from '#shared/mdf/budget-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { entityAt } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';

const fundsOf = (tier: string, { tiers }: Program): number =>
  tiers.find(({ id }) => id === tier)?.benefits.mdfPerQuarter?.amountMinor ?? 0;

/**
 * Whoever rises to a tier after its budget of the quarter was opened is given the difference; nothing is ever taken back. A budget that is
 * not open yet is opened with what the tier gives then. Repeats give nothing more.
 */
export const raiseBudget = async (event: StoredEvent): Promise<void> => {
  const [present, { program }] = await Promise.all([getPartner(event.subject), programAt(event.at)]);
  const [before, after] = [await entityAt(present, event.seq - 1), await entityAt(present, event.seq)];
  const id = budgetIdOf(present.id, quarterAt(event.at, program));
  const { budget } = (await findBudget(id)) ?? {};
  const intent = systemIntent('raise-budget', `${id}@${event.seq}`, event.at);
  if (!budget || givenBefore(budget, intent)) return;
  const ofTier = budget.allocations.filter(({ kind }) => kind === 'tier');
  const isOpen = ofTier.some(({ at }) => at <= event.at);
  const given = ofTier.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const funds = fundsOf(after.tier, program);
  const amountMinor = Math.min(funds - fundsOf(before.tier, program), funds - given);
  if (!isOpen || amountMinor <= 0) return;
  const amount = { amountMinor, currency: budget.currency };
  const raised = allocate(budget, { kind: 'tier', amount, intent, raises: true });
  await saveAllocation(budget, raised.after, { intent, journal: raised.journal });
};
