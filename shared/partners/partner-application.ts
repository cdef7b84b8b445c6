import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { addDays } from '#shared/core/time.ts';
import type { Terms } from '#shared/deals/deal-registration.ts';
import type { Program } from '#shared/program/program.ts';
import { type Application, companyOf, type Evaluation, type Partner, partnerLifecycle } from './partner.ts';
import { evaluatePartner } from './partner-evaluation.ts';
import { checkApplication, needsNoReview, refuseFaults, screen } from './partner-screening.ts';

const kind = 'partner_application';

/** Approved: the program's agreement is sent, and lapses when it is not accepted in time. */
const approved = (partner: Partner, program: Program, now: string): Partner => {
  const { awaits: _awaits, reason: _reason, due: _due, ...rest } = partner;
  const { version, lapseDays } = program.onboarding.agreement;
  const lapsesAt = addDays(now, lapseDays);
  return {
    ...rest,
    status: moveTo(partnerLifecycle, partner.status, 'approved'),
    approvedAt: now,
    agreement: { version, sentAt: now, lapsesAt },
    due: { what: 'lapse', at: lapsesAt },
  };
};

/** Who applies, and what is known of the company before. */
export interface Applicant {
  readonly id: string;
  readonly now: string;
  /** Who sent it, and so may not decide on it: `applicant`, or the staff who did it for the company. */
  readonly by: string;
  readonly terminatedBefore: boolean;
}

/**
 * A new application in the entry tier: approved at once where the program admits all its types without review and screening is
 * clean, else waiting for a person. Throws what `checkApplication` throws. Whether the domain is free is decided by the write.
 */
export const applyPartner = (input: Application, about: Applicant, terms: Terms): Partner => {
  const { id, now } = about;
  const { program } = terms;
  checkApplication(input, program);
  const partner: Partner = {
    id,
    status: 'applied',
    version: 0,
    head: '',
    createdAt: now,
    updatedAt: now,
    ...input,
    company: companyOf(input),
    // Every program has a tier: its schema asks for at least one.
    tier: program.tiers[0]?.id ?? '',
    checks: [...screen(input, about.terminatedBefore)],
    ...(about.terminatedBefore ? { terminatedBefore: true } : {}),
    programVersion: terms.version,
    submittedAt: now,
    approvals: 0,
  };
  return needsNoReview(partner, program)
    ? approved(partner, program, now)
    : { ...partner, ...awaiting(partner, kind, about) };
};

/** A reviewer's yes. Whoever reviewed looks after the partner unless somebody does already. */
export interface Approval {
  readonly reviewerId: string;
  readonly evaluation?: Evaluation | undefined;
}

/** Throws what `evaluatePartner` throws when the decision brings an evaluation. */
export const approveApplication = (
  partner: Partner,
  approval: Approval,
  about: { readonly program: Program; readonly now: string },
): Partner => {
  const { program, now } = about;
  const judged = approval.evaluation ? evaluatePartner(partner, approval.evaluation, program) : partner;
  return approved({ ...judged, ownerId: partner.ownerId ?? approval.reviewerId }, program, now);
};

export const rejectApplication = (partner: Partner, reason: string): Partner => {
  const { awaits: _awaits, ...rest } = partner;
  return { ...rest, status: moveTo(partnerLifecycle, partner.status, 'rejected'), reason };
};

/** Sent back with a question; the applicant keeps its domain until the time for an answer is over. */
export const returnApplication = (
  partner: Partner,
  reason: string,
  about: { readonly program: Program; readonly now: string },
): Partner => {
  const { awaits: _awaits, ...rest } = partner;
  const returnedUntil = addDays(about.now, about.program.onboarding.returnedLapseDays);
  const status = moveTo(partnerLifecycle, partner.status, 'returned');
  return { ...rest, status, reason, returnedUntil, due: { what: 'lapse', at: returnedUntil } };
};

/** Throws `state.transition_not_allowed` when the time for an answer or a signature is over, swept or not. */
export const mustBeInTime = (partner: Partner, now: string): void => {
  if (partner.due === undefined || partner.due.at > now) return;
  const message = `The time for this ended at ${partner.due.at}; apply anew.`;
  throw new DomainError('conflict', 'state.transition_not_allowed', message, {
    facts: { status: 'lapsed', lapsedAt: partner.due.at },
  });
};

/** The full application again after a return, for a new review; the domain stays, because it is what is held. */
export const resubmitApplication = (
  partner: Partner,
  input: Application,
  about: { readonly program: Program; readonly now: string; readonly by: string },
): Partner => {
  const status = moveTo(partnerLifecycle, partner.status, 'applied');
  mustBeInTime(partner, about.now);
  checkApplication(input, about.program);
  const company = companyOf(input);
  if (company.domain !== partner.company.domain) {
    const detail = `must be of ${partner.company.domain}`;
    const fault = { pointer: '#/company/websiteUrl', code: 'partner.domain_fixed', detail };
    refuseFaults([fault], 'An application keeps its domain; apply anew for another company');
  }
  const { reason: _reason, returnedUntil: _until, due: _due, customersServed: _c, why: _w, ...rest } = partner;
  const checks = [...screen(input, partner.terminatedBefore ?? false)];
  return { ...rest, ...input, company, status, checks, submittedAt: about.now, ...awaiting(partner, kind, about) };
};
