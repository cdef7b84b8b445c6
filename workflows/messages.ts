import { formatMoney, type Money } from '#shared/core/money.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import type { Claim } from '#shared/mdf/claim.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import type { Partner } from '#shared/partners/partner.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import type { Payout } from '#shared/payouts/payout.ts';

/** What partners are told when something happens to them or to their deals: a subject line, and what it means for them. */
export interface Message {
  readonly subject: string;
  readonly text: string;
}

type ToPartner = (partner: Partner) => Message;
type AboutDeal = (deal: Deal) => Message;

const because = (reason: string | undefined): string => (reason ? `\n\nThe reason: ${reason}` : '');
const day = (instant: string | undefined): string => (instant ?? '').slice(0, 10);

const inDanger = ({ tier, tierNotice }: Partner): string =>
  `The figures of the four quarters to ${tierNotice?.quarter} fall short of what ${tier} asks for. Unless they are met again you have the tier ${tierNotice?.to} from ${day(tierNotice?.endsAt)} on.`;

export const partnerMessages: Readonly<Record<string, ToPartner>> = {
  'partner.applied': ({ company }) => ({
    subject: 'We have your application',
    text: `Thank you for applying with ${company.name}. A partner manager looks at it, usually within three business days.`,
  }),
  'partner.approved': ({ company, agreement }) => ({
    subject: 'Welcome: please accept the partner agreement',
    text: `${company.name} is admitted to the program. Please accept the partner agreement by ${day(agreement?.lapsesAt)}; after that day the offer lapses.`,
  }),
  'partner.returned': ({ reason, returnedUntil }) => ({
    subject: 'We have a question about your application',
    text: `Please answer and send your application again by ${day(returnedUntil)}.${because(reason)}`,
  }),
  'partner.rejected': ({ reason }) => ({
    subject: 'Your application',
    text: `We cannot admit you to the program now.${because(reason)}`,
  }),
  'partner.activated': ({ company }) => ({
    subject: 'You are a partner',
    text: `${company.name} is an active partner now. You can register deals from today on.`,
  }),
  'partner.lapsed': ({ company }) => ({
    subject: 'Your application has lapsed',
    text: `We did not hear from ${company.name} in time. You may apply again whenever you like.`,
  }),
  'partner.suspended': ({ reason }) => ({
    subject: 'Your partnership is suspended',
    text: `You cannot register deals for now. What you are owed is not touched.${because(reason)}`,
  }),
  'partner.reinstated': ({ reason }) => ({
    subject: 'Your partnership goes on',
    text: `You can register deals again.${because(reason)}`,
  }),
  'partner.terminated': ({ reason }) => ({
    subject: 'Your partnership has ended',
    text: `You cannot register deals any more. What you are owed is not touched.${because(reason)}`,
  }),
  'partner.tier_changed': ({ company, tier, tierReason }) => ({
    subject: `Your tier is ${tier} now`,
    text: `${company.name} has the tier ${tier} and its benefits from today on. What was earned before stays as it was.${because(tierReason)}`,
  }),
  'partner.tier_notice_given': (told) => ({
    subject: `Your tier ${told.tier} is in danger`,
    text: `${inDanger(told)} You may appeal until then; somebody answers you before anything is lost.`,
  }),
  'partner.tier_notice_withdrawn': ({ tier }) => ({
    subject: `You keep your tier ${tier}`,
    text: 'What we told you about your tier no longer holds: nothing changes.',
  }),
  'partner.tier_appeal_upheld': ({ tier, tierOverride, tierAppealWords }) => ({
    subject: 'Your appeal is upheld',
    text: `Your tier is ${tier}, at least until ${day(tierOverride?.until)}.${because(tierAppealWords?.answer)}`,
  }),
  'partner.tier_appeal_rejected': (told) => ({
    subject: 'Your appeal is rejected',
    text: `What we told you about your tier stays as it was.${told.tierNotice ? ` ${inDanger(told)}` : ''}${because(told.tierAppealWords?.answer)}`,
  }),
};

/** Told to the addresses known before, since the others may be those of whoever changed it. */
export const payeeMessage = (partner: Partner, payee: Payee, holdHours: number): Message => ({
  subject: 'Your bank details were changed',
  text: `${partner.company.name} is to be paid to ${payee.kind === 'iban' ? 'an IBAN' : 'an account'} that ends in ${payee.lastFour} from now on. It was changed at ${payee.changedAt}, and nothing is paid for ${holdHours} hours. If you do not know about this, tell your partner manager at once.`,
});

const named = (deal: Deal): string => `${deal.customer.companyName} (${deal.productLine})`;

export const dealMessages: Readonly<Record<string, AboutDeal>> = {
  'deal.approved': (deal) => ({
    subject: `Approved: ${named(deal)}`,
    text: `Your registration is approved. Nobody else may register this customer and product line until ${deal.protectedUntil}.`,
  }),
  'deal.rejected': (deal) => ({
    subject: `Not approved: ${named(deal)}`,
    text: `Your registration was not approved.${because(deal.reason)}`,
  }),
  'deal.returned': (deal) => ({
    subject: `A question about ${named(deal)}`,
    text: `Please answer and send the registration again by ${day(deal.returnedUntil)}; until then it stays yours.${because(deal.reason)}`,
  }),
  'deal.warned': (deal) => ({
    subject: `Protection ends soon: ${named(deal)}`,
    text: `Protection ends at ${deal.protectedUntil}. ${deal.extendedAt ? 'It was extended once already.' : 'You can ask for one extension before that, with notes on your progress.'}`,
  }),
  'deal.expired': (deal) => ({
    subject: `Protection has ended: ${named(deal)}`,
    text: 'The registration has expired, and the customer is free for others.',
  }),
  'deal.close_refused': (deal) => ({
    subject: `Still open: ${named(deal)}`,
    text: `The close you proposed was not accepted. The registration goes on as it was.${because(deal.reason)}`,
  }),
};

const amount = (money: Money | undefined): string => (money ? formatMoney(money) : '');

export const fundRequestMessages: Readonly<Record<string, (request: FundRequest) => Message>> = {
  'mdf_request.approved': (request) => ({
    subject: `Funds approved: ${request.title}`,
    text: `${amount(request.approvedAmount)} are reserved for it. Claim what it cost, with invoices and proof, before ${request.claimUntil}.`,
  }),
  'mdf_request.rejected': ({ title, reason }) => ({
    subject: `Funds not approved: ${title}`,
    text: `Your request was not approved.${because(reason)}`,
  }),
  'mdf_request.returned': ({ title, reason, returnedUntil }) => ({
    subject: `A question about ${title}`,
    text: `Please answer and send the request again by ${day(returnedUntil)}.${because(reason)}`,
  }),
  'mdf_request.expired': ({ title }) => ({
    subject: `Ended: ${title}`,
    text: 'Nothing was claimed for it, or answered, in time, so its funds are no longer reserved.',
  }),
};

export const claimMessages: Readonly<Record<string, (claim: Claim) => Message>> = {
  'mdf_claim.approved': (claim) => ({
    subject: 'Your claim is approved',
    text: `${amount(claim.approvedAmount)} will be paid to you after the program's hold.`,
  }),
  'mdf_claim.partially_approved': (claim) => ({
    subject: 'Your claim is approved in part',
    text: `${amount(claim.approvedAmount)} of ${amount(claim.claimedAmount)} are approved. You may dispute the rest within 30 days.${because(claim.reason)}`,
  }),
  'mdf_claim.rejected': ({ reason }) => ({
    subject: 'Your claim was rejected',
    text: `You may dispute this within 30 days, or claim again what should be claimed otherwise.${because(reason)}`,
  }),
  'mdf_claim.returned': ({ reason, returnedUntil }) => ({
    subject: 'A question about your claim',
    text: `Please answer and send the claim again by ${day(returnedUntil)}.${because(reason)}`,
  }),
  'mdf_claim.expired': () => ({
    subject: 'Your claim has lapsed',
    text: 'We did not hear from you in time. You may claim anew as long as the claim window is open.',
  }),
  'mdf_claim.dispute_refused': ({ reason }) => ({
    subject: 'The decision on your claim stays',
    text: `Somebody else has looked at it.${because(reason)}`,
  }),
  'mdf_claim.clawed_back': ({ reason, clawedBackForFraud }) => ({
    subject: 'A claim was taken back',
    text: `What was approved for it is taken back${clawedBackForFraud ? ', all of it with your next payout' : ''}.${because(reason)}`,
  }),
};

/** `correction` is there where the dispute was granted. */
export const disputeMessage = (line: Earning, correction: Earning | undefined): Message => {
  const { amount: of, disputed, disputeAnswer, holdUntil } = line;
  const outcome = correction
    ? `You get ${amount(correction.amount)} more, payable from ${day(correction.holdUntil)} on.`
    : 'The line stays as it is.';
  const freed = disputed?.heldUntil && holdUntil ? ` It is payable from ${day(holdUntil)} on.` : '';
  return {
    subject: `Your dispute of ${amount(of)} was answered`,
    text: `${outcome}${freed}${disputeAnswer ? `\n\nThe answer: ${disputeAnswer}` : ''}`,
  };
};

export const payoutMessages: Readonly<Record<string, (payout: Payout) => Message>> = {
  'payout.paid': (payout) => ({
    subject: `You were paid ${amount(payout.amount)}`,
    text: `The payout of ${payout.period} has arrived${payout.reference ? ` (${payout.reference})` : ''}.`,
  }),
  'payout.failed': (payout) => ({
    subject: `We could not pay you ${amount(payout.amount)}`,
    text: `It is paid with your next statement. Please look whether your payment details are right.${because(payout.reason)}`,
  }),
};
