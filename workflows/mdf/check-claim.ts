import type { Check } from '#shared/approvals/approval.ts';
import { addMoney, compareMoney, formatMoney, type Money, percentOf, subtractMoney } from '#shared/core/money.ts';
import { addDays, dayOf } from '#shared/core/time.ts';
import { type Claim, invoiced } from '#shared/mdf/claim.ts';
import { listClaimsSince } from '#shared/mdf/claim-list-store.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import { type FundedRequest, getRequest } from '#shared/mdf/request-store.ts';
import type { Program } from '#shared/program/program.ts';
import type { Asking } from './check-fund-request.ts';

const check = (name: string, outcome: Check['outcome'], detail: string): Check => ({ check: name, outcome, detail });

const checkBudget = (claim: Claim, { request, balances }: FundedRequest): Check => {
  const approved = request.approvedAmount ?? request.requestedAmount;
  const left: Money = { ...approved, amountMinor: balances.reservedLeft };
  const detail = `${formatMoney(claim.claimedAmount)} of the ${formatMoney(approved)} that were reserved are held for it; ${formatMoney(left)} are left.`;
  return check('budget', 'pass', detail);
};

const checkDates = (claim: Claim, request: FundRequest, { program, since }: Asking): Check => {
  const approvedOn = request.approvedAt ? dayOf(request.approvedAt, program.timeZone) : request.startDate;
  const early = claim.invoices.filter(({ issuedOn }) => issuedOn < approvedOn).map(({ number }) => number);
  const isBefore = dayOf(since, program.timeZone) < request.endDate;
  const faults = [
    ...(isBefore ? [`The activity ends on ${request.endDate}, after the claim came in.`] : []),
    ...(early.length > 0 ? [`Issued before the request was approved on ${approvedOn}: ${early.join(', ')}.`] : []),
  ];
  if (faults.length > 0) return check('dates', 'warn', faults.join(' '));
  return check('dates', 'pass', `Within the claim window, which ends at ${request.claimUntil}.`);
};

const checkProof = ({ proofs }: Claim, { terms }: FundRequest): Check => {
  const missing = terms.proofs.filter((kind) => !proofs.some((proof) => proof.kind === kind));
  if (missing.length > 0) return check('proof', 'fail', `Missing: ${missing.join(', ')}.`);
  return check('proof', 'pass', `There is an invoice${terms.proofs.map((kind) => `, ${kind}`).join('')}.`);
};

const checkUnseen = ({ invoices, documents }: Claim): Check =>
  check(
    'unseen',
    'pass',
    `None of its invoices (${invoices.map(({ number }) => number).join(', ')}) and ${documents.length} documents stands in another claim of any partner.`,
  );

const checkAmount = (claim: Claim, { terms, approvedAmount, requestedAmount }: FundRequest): Check => {
  const approved = approvedAmount ?? requestedAmount;
  const most = percentOf(invoiced(claim), terms.sharePercent);
  const isBelow = compareMoney(claim.claimedAmount, approved) <= 0 && compareMoney(claim.claimedAmount, most) <= 0;
  const detail = `${formatMoney(claim.claimedAmount)} claimed of ${formatMoney(approved)} approved; our share of the invoices is at most ${formatMoney(most)}.`;
  return check('amount', isBelow ? 'pass' : 'fail', detail);
};

/** Above this amount a claim needs more people; undefined when none does. */
const limitOf = ({ approvals }: Program): Money | undefined =>
  approvals.mdf_claim.steps.map(({ moreAbove, onlyAbove }) => moreAbove?.amount ?? onlyAbove).find(Boolean);

const splitDays = 30;

/** Several claims, each below the limit, that together would have been above it. */
const checkSplit = async (claim: Claim, { program, since }: Asking): Promise<Check> => {
  const limit = limitOf(program);
  if (!limit) return check('split', 'pass', 'The program has no limit above which more people decide.');
  if (compareMoney(claim.claimedAmount, limit) > 0) {
    return check('split', 'pass', `Above ${formatMoney(limit)}, so more people decide on it.`);
  }
  const others = (await listClaimsSince(claim, addDays(since, -splitDays))).filter(
    ({ claimedAmount, status }) =>
      status !== 'rejected' && status !== 'expired' && compareMoney(claimedAmount, limit) <= 0,
  );
  const sum = others.reduce((total, { claimedAmount }) => addMoney(total, claimedAmount), claim.claimedAmount);
  if (compareMoney(sum, limit) <= 0) {
    return check('split', 'pass', `${formatMoney(sum)} claimed in ${splitDays} days, not above ${formatMoney(limit)}.`);
  }
  const list = others.map(({ id, claimedAmount }) => `${id} (${formatMoney(claimedAmount)})`).join(', ');
  const detail = `With ${list} it comes to ${formatMoney(sum)} in ${splitDays} days, ${formatMoney(subtractMoney(sum, limit))} above the limit for one person.`;
  return check('split', 'warn', detail);
};

const checkEyes = (claim: Claim, program: Program): Check => {
  const limit = limitOf(program);
  const isAbove = limit !== undefined && compareMoney(claim.claimedAmount, limit) > 0;
  const who = claim.awaits
    ? `${claim.awaits.by} submitted it and may not decide on it`
    : 'Whoever submitted it may not decide';
  return check('four-eyes', 'pass', `${who}; ${isAbove ? 'two different people decide' : 'one person decides'}.`);
};

/** What machines can say about a claim before finance looks. Computed once, when its approval is opened. */
export const checkClaim = async (claim: Claim, about: Asking): Promise<readonly Check[]> => {
  const funded = await getRequest(claim.requestId);
  const { request } = funded;
  return [
    checkBudget(claim, funded),
    checkDates(claim, request, about),
    checkProof(claim, request),
    checkUnseen(claim),
    checkAmount(claim, request),
    await checkSplit(claim, about),
    checkEyes(claim, about.program),
  ];
};
