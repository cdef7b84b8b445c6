import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { compareMoney, formatMoney, type Money } from '#shared/core/money.ts';
import { addDays, addMonths, dayOf } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { type Closing, type Deal, type DealStage, dealLifecycle, isLive } from './deal.ts';
import { withDue } from './deal-registration.ts';
import { changeFaults, refuseBroken } from './registration-faults.ts';

const notNow = (deal: Deal, message: string): DomainError =>
  new DomainError('conflict', 'state.transition_not_allowed', message, {
    facts: { status: deal.status, ...(deal.protectedUntil ? { protectedUntil: deal.protectedUntil } : {}) },
  });

/** Throws unless the deal is approved and still protected at this instant; a sweep that is late changes nothing about it. */
const mustBeProtected = (deal: Deal, now: string): void => {
  if (deal.status !== 'approved') throw notNow(deal, `Only an approved deal allows this; this one is ${deal.status}.`);
  if (!isLive(deal, now)) throw notNow(deal, `Its protection ended at ${deal.protectedUntil}.`);
};

/** What may be changed on a live deal. */
export interface DealChanges {
  readonly stage?: DealStage | undefined;
  readonly value?: Money | undefined;
  readonly expectedCloseDate?: string | undefined;
  readonly notes?: string | undefined;
}

/** What needed nobody because it was small stays small, unless staff says otherwise. */
const mustStaySmall = (deal: Deal, value: Money | undefined, limit: Money | undefined): void => {
  if (!value || !limit || !deal.unreviewed || compareMoney(value, limit) < 0) return;
  const detail = `must stay below ${formatMoney(limit)}, because nobody reviewed this deal; ask your partner manager`;
  refuseBroken([{ pointer: '#/value', code: 'deal.value_needs_review', detail }]);
};

/** The same rules hold for a changed value or date as for a registered one. What somebody is deciding on keeps its value. */
export const updateDeal = (
  deal: Deal,
  changes: DealChanges,
  about: { now: string; program: Program; byStaff: boolean },
): Deal => {
  mustBeProtected(deal, about.now);
  if (changes.value && deal.closing)
    throw notNow(deal, 'A close of it waits for a decision; its value stays till then.');
  refuseBroken(changeFaults(changes, about.program, about.now));
  if (!about.byStaff) mustStaySmall(deal, changes.value, about.program.deals.autoApproveBelow);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return { ...deal, ...given };
};

/** One extension, asked for before expiry with progress notes. */
export const extendDeal = (deal: Deal, progressNotes: string, about: { now: string; program: Program }): Deal => {
  mustBeProtected(deal, about.now);
  if (deal.closing) throw notNow(deal, 'A close of it waits for a decision.');
  if (deal.extendedAt) throw notNow(deal, `It was extended once, at ${deal.extendedAt}; there is one extension.`);
  const { extensionDays } = about.program.deals;
  if (extensionDays === 0) throw notNow(deal, 'The program has no extensions.');
  const protectedUntil = addDays(deal.protectedUntil ?? about.now, extensionDays);
  return withDue({ ...deal, progressNotes, extendedAt: about.now, protectedUntil, warnedDays: [] }, about.program);
};

/** So far ahead a day can be named on which the customer will have paid. */
const monthsToPayIn = 12;

const checkClosing = (deal: Deal, closing: Closing, about: { now: string; program: Program }): void => {
  const errors = [];
  const { timeZone } = about.program;
  const [registeredOn, today] = [dayOf(deal.createdAt, timeZone), dayOf(about.now, timeZone)];
  if (closing.closedOn > today) {
    errors.push({ pointer: '#/closedOn', code: 'deal.closed_in_future', detail: 'must not lie in the future' });
  }
  if (closing.closedOn < registeredOn) {
    const detail = `must not lie before ${registeredOn}, the day it was registered`;
    errors.push({ pointer: '#/closedOn', code: 'deal.closed_before_registration', detail });
  }
  const { invoicePaidOn } = closing;
  const latest = addMonths(today, monthsToPayIn);
  if (invoicePaidOn !== undefined && (invoicePaidOn < registeredOn || invoicePaidOn > latest)) {
    const detail = `must lie between ${registeredOn} and ${latest}`;
    errors.push({ pointer: '#/invoicePaidOn', code: 'deal.day_out_of_range', detail });
  }
  if (closing.outcome === 'lost' && !closing.lossReason) {
    errors.push({
      pointer: '#/lossReason',
      code: 'deal.loss_reason_missing',
      detail: 'must say why the deal was lost',
    });
  }
  if (closing.outcome === 'won' && closing.value && closing.value.currency !== deal.value.currency) {
    errors.push({
      pointer: '#/value/currency',
      code: 'money.currency_mismatch',
      detail: `must be ${deal.value.currency}, the currency of this program`,
    });
  }
  const [first] = errors;
  if (first) throw new DomainError('rule', first.code, `The close cannot be taken: ${first.detail}.`, { errors });
};

/** What a won deal keeps for its earnings: when it was won, and that the customer has paid all of it if it has by today. */
const winning = (
  value: Money,
  closing: Closing,
  { now, program }: { now: string; program: Program },
): Partial<Deal> => {
  const { invoicePaidOn } = closing;
  const isPaid = invoicePaidOn !== undefined && invoicePaidOn <= dayOf(now, program.timeZone) && value.amountMinor > 0;
  return {
    value,
    wonAt: now,
    ...(isPaid ? { payments: [{ amountMinor: value.amountMinor, paidOn: invoicePaidOn, at: now }] } : {}),
    due: { what: 'earn', at: now },
  };
};

/** Won: attribution is fixed, the value is what was sold. Lost: says why. */
export const closeDeal = (deal: Deal, closing: Closing, about: { now: string; program: Program }): Deal => {
  mustBeProtected(deal, about.now);
  checkClosing(deal, closing, about);
  const { stage: _stage, awaits: _awaits, closing: _closing, due: _due, ...rest } = deal;
  return {
    ...rest,
    status: moveTo(dealLifecycle, deal.status, closing.outcome),
    closedOn: closing.closedOn,
    ...(closing.outcome === 'won' ? winning(closing.value ?? deal.value, closing, about) : {}),
    ...(closing.lossReason ? { lossReason: closing.lossReason } : {}),
    ...(closing.invoicePaidOn ? { invoicePaidOn: closing.invoicePaidOn } : {}),
  };
};

/** A partner proposes, a partner manager decides; until then the deal keeps its hold and nothing is due. */
export const proposeClose = (
  deal: Deal,
  closing: Closing,
  about: { now: string; by: string; program: Program },
): Deal => {
  mustBeProtected(deal, about.now);
  checkClosing(deal, closing, about);
  if (deal.awaits) throw notNow(deal, 'A close of it has been proposed already and waits for a decision.');
  const { reason: _reason, due: _due, ...rest } = deal;
  return { ...rest, closing, ...awaiting(deal, 'deal_close', about) };
};

/** The proposal is refused, in words that the partner reads; the deal goes on, protected as long as it was. */
export const refuseClose = (deal: Deal, reason: string, program: Program): Deal => {
  const { awaits: _awaits, closing: _closing, ...rest } = deal;
  return withDue({ ...rest, reason }, program);
};

/** The partner may say why; what a reviewer said before is no longer the reason. */
export const withdrawDeal = (deal: Deal, now: string, reason?: string): Deal => {
  if (deal.status === 'approved') mustBeProtected(deal, now);
  const { stage: _stage, awaits: _awaits, closing: _closing, due: _due, reason: _reason, ...rest } = deal;
  return { ...rest, status: moveTo(dealLifecycle, deal.status, 'withdrawn'), ...(reason ? { reason } : {}) };
};

/** The shares of a deal add up to 100: what one partner gets, the one that registered it gives. */
const givingShare = (deal: Deal, sharePercent: number): Deal['attributions'] => {
  const own = deal.attributions.find(({ partnerId }) => partnerId === deal.partnerId)?.sharePercent ?? 0;
  if (sharePercent > own) {
    const detail = `must be at most ${own}, the share of the partner that registered the deal`;
    refuseBroken([{ pointer: '#/sharePercent', code: 'deal.share_too_large', detail }]);
  }
  return deal.attributions.map((part) =>
    part.partnerId === deal.partnerId ? { ...part, sharePercent: own - sharePercent } : part,
  );
};

/** A deal of direct sales, or a partner's, was helped along by another partner. Throws `deal.share_too_large`. */
export const attributeDeal = (deal: Deal, attribution: Deal['attributions'][number], now: string): Deal => {
  if (deal.attributions.some((it) => it.partnerId === attribution.partnerId)) {
    throw new DomainError('conflict', 'deal.already_attributed', 'This partner has its part in the deal already.');
  }
  mustBeProtected(deal, now);
  return { ...deal, attributions: [...givingShare(deal, attribution.sharePercent), attribution] };
};

/** The partner is told that protection ends; the next warning, or the end, is due then. */
export const warnDeal = (deal: Deal, program: Program): Deal => {
  const daysBefore = deal.due?.daysBefore;
  if (daysBefore === undefined) return deal;
  return withDue({ ...deal, warnedDays: [...(deal.warnedDays ?? []), daysBefore] }, program);
};

/** Protection, or the time for an answer, has run out. */
export const expireDeal = (deal: Deal): Deal => {
  const { stage: _stage, awaits: _awaits, closing: _closing, due: _due, ...rest } = deal;
  return { ...rest, status: moveTo(dealLifecycle, deal.status, 'expired') };
};
