import { systemIntent } from '#shared/core/history.ts';
import { allocate, budgetIdOf, newBudget, quarterAt } from '#shared/mdf/allocate-budget.ts';
import type { Budget } from '#shared/mdf/budget.ts';
import { findBudgets, saveAllocation } from '#shared/mdf/budget-store.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { listPartners } from '#shared/partners/partner-store.ts';
import { log } from '#shared/platform/logger.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';

const perBatch = 100;
const atOnce = 16;

const amountFor = (partner: Partner, { tiers }: Program) =>
  tiers.find(({ id }) => id === partner.tier)?.benefits.mdfPerQuarter;

const isOpened = (budget: Budget | undefined): boolean =>
  budget?.allocations.some(({ kind }) => kind === 'tier') ?? false;

/** What a partner's tier gives for the quarter, unless it was given. Somebody who gives something else right now is no fault: a next run is. */
const open = async (
  partner: Partner,
  budget: Budget | undefined,
  about: { readonly now: string; readonly program: Program },
): Promise<boolean> => {
  const { now, program } = about;
  const amount = amountFor(partner, program);
  if (!amount || amount.amountMinor === 0 || isOpened(budget)) return false;
  const quarter = quarterAt(now, program);
  const intent = systemIntent('open-quarter', budgetIdOf(partner.id, quarter), now);
  const opened = allocate(budget ?? newBudget({ partnerId: partner.id, quarter, now }, program), {
    kind: 'tier',
    amount,
    intent,
  });
  await saveAllocation(budget, opened.after, { intent, journal: opened.journal });
  return true;
};

const openAll = async (
  partners: readonly Partner[],
  about: { readonly now: string; readonly program: Program },
): Promise<{ readonly opened: number; readonly failed: number }> => {
  const quarter = quarterAt(about.now, about.program);
  const budgets = await findBudgets(partners.map(({ id }) => budgetIdOf(id, quarter)));
  const outcomes: PromiseSettledResult<boolean>[] = [];
  for (let start = 0; start < partners.length; start += atOnce) {
    const some = partners.slice(start, start + atOnce);
    const work = some.map((partner, index) => open(partner, budgets[start + index]?.budget, about));
    outcomes.push(...(await Promise.allSettled(work)));
  }
  const failed = outcomes.filter((it) => it.status === 'rejected');
  for (const { reason } of failed) log.error('budget not opened', { error: reason as Error });
  return {
    opened: outcomes.filter((it) => it.status === 'fulfilled' && it.value).length,
    failed: failed.length,
  };
};

/**
 * Opens the present quarter's budget of every active partner, as its tier says. Runs daily, because partners become active, or rise to
 * a tier, on any day. Twice, late, beside itself or cut off in the middle: what is given is not given again, and what is not, is
 * given next time. Throws in the end when some could not be opened, so that somebody hears of it.
 */
export const openQuarter = async (now: string): Promise<void> => {
  const about = { now, program: (await programAt(now)).program };
  let [opened, failed] = [0, 0];
  let after: string | undefined;
  do {
    const page = await listPartners({ filter: { status: 'active' }, after, limit: perBatch });
    const done = await openAll(page.partners, about);
    opened += done.opened;
    failed += done.failed + page.unreadable.length;
    log.info('budgets opened', { opened, failed });
    after = page.after;
  } while (after !== undefined);
  if (failed > 0) throw new Error(`${failed} budgets could not be opened.`);
};
