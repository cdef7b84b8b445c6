import { getApproval } from '#shared/approvals/approval-store.ts';
import { readSubject } from '#shared/approvals/subject-store.ts';
import type { Role } from '#shared/core/caller.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import { getEarning, readEarnings } from '#shared/earnings/earning-store.ts';
import { correctionPlaceOf } from '#shared/earnings/line-dispute.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { getPayeeVersion } from '#shared/payouts/payee-store.ts';
import { findPayout } from '#shared/payouts/statement-store.ts';
import { setting } from '#shared/platform/config.ts';
import { type Mail, sendOnce } from '#shared/platform/mail.ts';
import { programAt } from '#shared/program/program-store.ts';
import { listStaffEmails } from '#shared/users/user-store.ts';
import {
  claimMessages,
  dealMessages,
  disputeMessage,
  fundRequestMessages,
  partnerMessages,
  payeeMessage,
  payoutMessages,
} from './messages.ts';

const addressOf = (partner: Partner): readonly string[] => partner.contacts.slice(0, 1).map((contact) => contact.email);

const toPartner = async (event: StoredEvent): Promise<Mail | undefined> => {
  const message = partnerMessages[event.type];
  if (!message) return undefined;
  const partner = await getPartner(event.subject);
  return { to: addressOf(partner), ...message(partner) };
};

/** To everybody who was known before, whatever else was changed with it. */
const aboutPayee = async (event: StoredEvent): Promise<Mail | undefined> => {
  if (event.type !== 'partner.payee_changed') return undefined;
  const [partner, { payee, tell }, { program }] = await Promise.all([
    getPartner(event.subject),
    getPayeeVersion(event.subject, Number(event.changes.payeeVersion)),
    programAt(event.at),
  ]);
  return { to: tell, ...payeeMessage(partner, payee, program.payouts.payeeChangeHoldHours) };
};

const aboutDeal = async (event: StoredEvent): Promise<Mail | undefined> => {
  const message = dealMessages[event.type];
  const subject = message ? await readSubject(event.subject) : undefined;
  if (!message || subject?.type !== 'deal') return undefined;
  const deal = subject.entity;
  const to = deal.rep ? [deal.rep.email] : addressOf(await getPartner(deal.partnerId));
  return { to, ...message(deal) };
};

/** Of fund requests and claims the partner's first contact is told. */
const aboutFunds = async (event: StoredEvent): Promise<Mail | undefined> => {
  const [request, claim] = [fundRequestMessages[event.type], claimMessages[event.type]];
  const subject = request || claim ? await readSubject(event.subject) : undefined;
  const message =
    subject?.type === 'mdf_request'
      ? request?.(subject.entity)
      : subject?.type === 'mdf_claim'
        ? claim?.(subject.entity)
        : undefined;
  if (!message || event.partnerId === undefined) return undefined;
  return { to: addressOf(await getPartner(event.partnerId)), ...message };
};

/** What finance answered to a disputed line of a statement. */
const aboutLine = async (event: StoredEvent): Promise<Mail | undefined> => {
  if (event.type !== 'earning.dispute_ended') return undefined;
  const line = await getEarning(event.subject);
  const [correction] = await readEarnings([correctionPlaceOf(line)]);
  return { to: addressOf(await getPartner(line.partnerId)), ...disputeMessage(line, correction) };
};

const aboutPayout = async (event: StoredEvent): Promise<Mail | undefined> => {
  const message = payoutMessages[event.type];
  const found = message ? await findPayout(event.subject) : undefined;
  if (!message || !found) return undefined;
  return { to: addressOf(await getPartner(found.payout.partnerId)), ...message(found.payout) };
};

const toStaff = async (event: StoredEvent): Promise<Mail | undefined> => {
  if (event.type !== 'approval.reminded' && event.type !== 'approval.escalated') return undefined;
  const approval = await getApproval(event.subject);
  const escalated = event.type === 'approval.escalated';
  const role: Role = escalated ? approval.escalateTo : approval.requiredRole;
  return {
    to: await listStaffEmails(role),
    subject: escalated ? 'A decision is overdue' : 'A decision waits for you',
    text: `${approval.kind} ${approval.subject.id} ${escalated ? 'was' : 'is'} due at ${approval.deadlineAt}. ${setting('PORTAL_URL')}`,
  };
};

const appealsToStaff: Readonly<Record<string, string>> = {
  'partner.tier_appealed': 'A partner appeals against its tier',
  'partner.tier_appeal_reminded': 'An appeal against a tier still waits for its answer',
};

/** Whoever answers appeals; while one waits, nothing is lost. */
const aboutAppeal = async (event: StoredEvent): Promise<Mail | undefined> => {
  const subject = appealsToStaff[event.type];
  if (!subject) return undefined;
  const { company } = await getPartner(event.subject);
  const text = `${company.name} (${event.subject}) waits for an answer. ${setting('PORTAL_URL')}`;
  return { to: await listStaffEmails('partner_manager'), subject, text };
};

/** Tells whom an event concerns, by e-mail, once for each event. */
export const notify = async (event: StoredEvent): Promise<void> => {
  const mail =
    (await toPartner(event)) ??
    (await aboutPayee(event)) ??
    (await aboutDeal(event)) ??
    (await aboutFunds(event)) ??
    (await aboutLine(event)) ??
    (await aboutPayout(event)) ??
    (await aboutAppeal(event)) ??
    (await toStaff(event));
  if (mail) await sendOnce({ subject: event.subject, seq: event.seq }, mail);
};
