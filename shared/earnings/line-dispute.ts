import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { derivedId } from '#shared/core/ids.ts';
import { addMoney, compareMoney, type Money, subtractMoney } from '#shared/core/money.ts';
import { addDays, type Instant } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { type Earning, holdFrom, newEarning, statementAt } from './earning.ts';

/** Stands where other earnings name their rule: it makes good what an earlier one fell short of. */
export const correctionRule = 'dispute';

/** A dispute is answered within so many business days (issue 5; PRODUCT §5 says how long a line can be disputed). */
export const answerWithinBusinessDays = 5;

/** Whether it waits for its answer. */
export const isDisputed = ({ disputed }: Pick<Earning, 'disputed'>): boolean =>
  disputed !== undefined && disputed.endedAt === undefined;

const notNow = ({ status }: Earning, message: string): DomainError =>
  new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status } });

/** What the partner says, and where the line stands: on a statement that is open, or on one that was closed at some instant. */
export interface LineDispute {
  readonly reason: string;
  readonly expectedAmount?: Money | undefined;
  readonly by: string;
  readonly now: Instant;
  readonly closedAt: Instant | undefined;
}

const mustBeMore = ({ kind, amount }: Earning, expected: Money | undefined): void => {
  if (expected === undefined) return;
  const refuse = (detail: string) =>
    new DomainError('invalid', 'request.invalid', 'One field is faulty.', {
      errors: [{ pointer: '#/expectedAmount', code: 'invalid', detail }],
    });
  if (kind === 'mdf-reimbursement') throw refuse('must be left out: how much of a claim is approved is disputed there');
  if (expected.currency !== amount.currency) throw refuse(`must be in ${amount.currency}`);
  if (compareMoney(expected, amount) <= 0) throw refuse('must be more than the amount of the line');
};

/**
 * A partner disputes a line of its statement, once, while its statement is open or so many days after it was closed. As long as the
 * statement is open this line alone leaves it until the dispute is answered; what is closed stays, and is corrected by something new.
 */
export const disputeLine = (
  earning: Earning,
  said: LineDispute,
  { disputeWithinDays }: Pick<Program['payouts'], 'disputeWithinDays'>,
): Earning => {
  const { reason, expectedAmount, by, now, closedAt } = said;
  if (earning.status !== 'on_hold') throw notNow(earning, 'Only what is owed can be disputed.');
  if (earning.disputed) throw notNow(earning, `It was disputed once, at ${earning.disputed.at}.`);
  const until = closedAt && addDays(closedAt, disputeWithinDays);
  if (until && now >= until) throw notNow(earning, `It could be disputed until ${until}.`);
  mustBeMore(earning, expectedAmount);
  const { holdUntil, statement, ...rest } = earning;
  const expected = expectedAmount ? { expected: expectedAmount } : {};
  const wait = awaiting({ id: earning.id, approvals: earning.approvals ?? 0 }, 'earning', { now, by });
  const disputed = { ...wait, disputeReason: reason };
  if (closedAt || holdUntil === undefined) return { ...earning, disputed: { at: now, ...expected }, ...disputed };
  return { ...rest, disputed: { at: now, heldUntil: holdUntil, ...expected }, ...disputed };
};

/** How much more the partner holds right; undefined where it names no amount. */
export const missingOf = ({ amount, disputed }: Pick<Earning, 'amount' | 'disputed'>): Money | undefined =>
  disputed?.expected && subtractMoney(disputed.expected, amount);

type Terms = Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>;

/** The line stands as it is, on the statement that is open by then if it had left its own. */
export const endDispute = (
  earning: Earning,
  about: { readonly now: Instant; readonly answer: string | undefined; readonly program: Terms },
): Earning => {
  const { now, answer, program } = about;
  const { awaits: _awaits, disputed, ...rest } = earning;
  if (!disputed || !isDisputed(earning)) throw notNow(earning, 'It is not disputed.');
  const ended = { ...rest, disputed: { ...disputed, endedAt: now }, ...(answer ? { disputeAnswer: answer } : {}) };
  if (disputed.heldUntil === undefined) return ended;
  const holdUntil = disputed.heldUntil > now ? disputed.heldUntil : now;
  return { ...ended, holdUntil, statement: statementAt(earning.kind, holdUntil, program) };
};

/** Where the earning stands that makes good what was found missing of a line; there is one only where its dispute was granted. */
export const correctionPlaceOf = ({ id, partnerId, disputed }: Earning) => ({
  id: derivedId('ern', id, correctionRule),
  partnerId,
  createdAt: disputed?.endedAt ?? '',
});

/**
 * What was found missing is an earning of its own, with a hold of its own; what it corrects is never changed. Who approved either does
 * not answer when it is disputed again.
 */
export const correctionOf = (
  earning: Earning,
  missing: Money,
  about: { readonly now: Instant; readonly program: Terms; readonly deciders: readonly string[] },
): Earning => {
  const { id, partnerId, dealId, amount, explanation, decidedBy = [] } = earning;
  const kind = earning.reversesKind ?? earning.kind;
  const right = addMoney(amount, missing);
  return newEarning({
    id: correctionPlaceOf(earning).id,
    status: 'on_hold',
    kind,
    partnerId,
    ...(dealId ? { dealId } : {}),
    amount: missing,
    createdAt: about.now,
    ...holdFrom(kind, about.now, about.program),
    explanation: {
      rule: correctionRule,
      programVersion: explanation.programVersion,
      inputs: { corrects: id, was: amount.amountMinor, right: right.amountMinor },
    },
    decidedBy: [...new Set([...decidedBy, ...about.deciders])],
  });
};
