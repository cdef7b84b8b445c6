import { type Approval, openApproval, type Question } from '#shared/approvals/approval.ts';
import { decideApproval } from '#shared/approvals/decide-approval.ts';
import type { Program } from '#shared/program/program.ts';
import { aProgram } from '#test/support/a-program.ts';

/** A Wednesday. */
export const askedAt = '2026-07-01T12:00:00.000Z';

export const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

export const aQuestion = (overrides: Partial<Question> = {}): Question => ({
  kind: 'deal_registration',
  subject: { type: 'deal', id: 'deal_1' },
  partnerId: 'ptr_1',
  awaits: { approvalId: 'apr_deal_1_1', kind: 'deal_registration', attempt: 1, since: askedAt, by: 'usr_rep' },
  checks: [{ check: 'look-alike-names', outcome: 'pass', detail: 'No other has a name like this.' }],
  amount: usd(5_000_000),
  ...overrides,
});

/** An open approval, with what a test wants different. */
export const anApproval = (overrides: Partial<Approval> = {}, about: Partial<Question> = {}): Approval => ({
  ...openApproval(aQuestion(about), aProgram()),
  version: 1,
  ...overrides,
});

/** A program in which such approvals have these steps. */
export const withSteps = (kind: Question['kind'], steps: Program['approvals']['deal_close']['steps']): Program => {
  const program = aProgram();
  return { ...program, approvals: { ...program.approvals, [kind]: { ...program.approvals[kind], steps } } };
};

/** The approval after these people have approved, one after another. */
export const approvedBy = (approval: Approval, ...people: readonly string[]): Approval =>
  people.reduce((it, by) => decideApproval(it, { by, at: askedAt, outcome: 'approve' }), approval);
