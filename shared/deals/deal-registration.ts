import { awaiting } from '#shared/core/awaited.ts';
import { registrableDomain } from '#shared/core/domains.ts';
import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { compareMoney } from '#shared/core/money.ts';
import { addDays } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { type Deal, dealLifecycle, type Registration } from './deal.ts';
import { refuseBroken, registrationFaults } from './registration-faults.ts';

/** The program in force, with the version that what is registered now will be paid under. */
export interface Terms {
  readonly version: number;
  readonly program: Program;
}

/** When, and by whom, something is submitted for a decision. */
export interface Submission {
  readonly now: string;
  readonly by: string;
}

/** Throws the first broken rule's code, with every broken rule among its errors. */
export const checkRegistration = (input: Registration, terms: Terms, now: string): void =>
  refuseBroken(registrationFaults(input, terms.program, now));

const customerOf = (input: Registration): Deal['customer'] => {
  const domain = registrableDomain(input.customer.websiteUrl);
  // WebsiteUrl lets in only what has a registrable domain.
  if (domain === undefined) throw new Error('A parsed website has no domain.');
  return { ...input.customer, domain };
};

/**
 * A new deal, submitted and waiting for a person. Whether the program takes it is `checkRegistration`'s to say; whether the customer
 * is free is decided by the write.
 */
export const registerDeal = (
  input: Registration,
  about: { readonly id: string; readonly partnerId: string; readonly now: string; readonly by: string },
  terms: Terms,
): Deal => {
  const { id, partnerId, now } = about;
  return {
    id,
    partnerId,
    status: 'submitted',
    version: 0,
    head: '',
    createdAt: now,
    updatedAt: now,
    ...input,
    customer: customerOf(input),
    attributions: [{ partnerId, role: 'sourced', sharePercent: 100 }],
    programVersion: terms.version,
    ...awaiting({ id, approvals: 0 }, 'deal_registration', about),
  };
};

/** Below the program's limit a registration needs nobody, where the partner is in good standing and the account unknown to direct sales. */
export const needsNobody = (deal: Deal, terms: Terms): boolean =>
  terms.program.deals.autoApproveBelow !== undefined &&
  compareMoney(deal.value, terms.program.deals.autoApproveBelow) < 0;

/** Sets what happens to a protected deal next by itself: the next warning that has not been given, else the end of protection. */
export const withDue = (deal: Deal, program: Program): Deal => {
  const until = deal.protectedUntil;
  if (until === undefined) return deal;
  const since = deal.extendedAt ?? deal.approvedAt ?? deal.createdAt;
  const warning = [...program.deals.warningDays]
    .sort((a, b) => b - a)
    .map((daysBefore) => ({ what: 'warn' as const, at: addDays(until, -daysBefore), daysBefore }))
    .find(({ daysBefore, at }) => at > since && !deal.warnedDays?.includes(daysBefore));
  return { ...deal, due: warning ?? { what: 'expire', at: until } };
};

/** Protection begins with the approval. */
export const approveDeal = (deal: Deal, terms: Terms, now: string): Deal => {
  const { awaits: _awaits, reason: _reason, ...rest } = deal;
  const approved: Deal = {
    ...rest,
    status: moveTo(dealLifecycle, deal.status, 'approved'),
    stage: 'qualified',
    approvedAt: now,
    protectedUntil: addDays(now, terms.program.deals.protectionDays),
    warnedDays: [],
  };
  return withDue(approved, terms.program);
};

/** Approved by the very request that registers it: no approval was ever opened. */
export const approveAtOnce = (deal: Deal, terms: Terms, now: string): Deal => ({
  ...approveDeal(deal, terms, now),
  approvals: 0,
  unreviewed: true,
});

export const rejectDeal = (deal: Deal, reason: string): Deal => {
  const { awaits: _awaits, ...rest } = deal;
  return { ...rest, status: moveTo(dealLifecycle, deal.status, 'rejected'), reason };
};

/** Sent back with a question; it keeps its hold on the customer until it lapses. */
export const returnDeal = (deal: Deal, reason: string, terms: Terms & { readonly now: string }): Deal => {
  const { awaits: _awaits, ...rest } = deal;
  const returnedUntil = addDays(terms.now, terms.program.deals.returnedLapseDays);
  const status = moveTo(dealLifecycle, deal.status, 'returned');
  return { ...rest, status, reason, returnedUntil, due: { what: 'lapse', at: returnedUntil } };
};

/** The full body again after a return; customer and product line stay, because they are what is held. */
export const resubmitDeal = (deal: Deal, input: Registration, terms: Terms & Submission): Deal => {
  const status = moveTo(dealLifecycle, deal.status, 'submitted');
  if (terms.now >= (deal.returnedUntil ?? '')) {
    throw new DomainError(
      'conflict',
      'state.transition_not_allowed',
      'The time for an answer has passed; register it anew.',
      {
        facts: { status: deal.status, returnedUntil: deal.returnedUntil },
      },
    );
  }
  checkRegistration(input, terms, terms.now);
  const customer = customerOf(input);
  const faults: FieldError[] = [];
  if (customer.domain !== deal.customer.domain) {
    faults.push({
      pointer: '#/customer/websiteUrl',
      code: 'deal.customer_fixed',
      detail: `must be of ${deal.customer.domain}`,
    });
  }
  if (input.productLine !== deal.productLine) {
    faults.push({ pointer: '#/productLine', code: 'deal.customer_fixed', detail: `must stay ${deal.productLine}` });
  }
  if (faults.length > 0) {
    throw new DomainError(
      'rule',
      'deal.customer_fixed',
      'Customer and product line of a returned deal stay; withdraw it and register the other one.',
      { errors: faults },
    );
  }
  // What the full body leaves out is gone; `rep` is the only part of it that may be left out.
  const { reason: _reason, returnedUntil: _until, due: _due, rep: _rep, ...rest } = deal;
  return { ...rest, ...input, customer, status, ...awaiting(deal, 'deal_registration', terms) };
};
