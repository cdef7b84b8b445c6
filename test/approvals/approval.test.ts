import { describe, expect, test } from 'vitest';
import {
  type Approval,
  ApprovalStatus,
  approvalLifecycle,
  type Outcome,
  openApproval,
  type Question,
} from '#shared/approvals/approval.ts';
import { viewApproval } from '#shared/approvals/approval-contract.ts';
import {
  approveLate,
  asOf,
  cancelApproval,
  decideApproval,
  decisionsOf,
  escalateApproval,
  holdApproval,
  mayDecide,
  remindApproval,
  requiredDecisions,
  whyNot,
} from '#shared/approvals/decide-approval.ts';
import { type Role, staffRoles } from '#shared/core/caller.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { aProgram } from '#test/support/a-program.ts';
import { codeOf } from '#test/support/code-of.ts';
import { refusalOf } from '#test/support/refusal-of.ts';
import { anApproval, approvedBy, aQuestion, askedAt, usd, withSteps } from './an-approval.ts';

/** API.md *Lifecycles*, written out once more. */
const allowed: readonly (readonly [string, string])[] = [
  ['open', 'approved'],
  ['open', 'rejected'],
  ['open', 'returned'],
  ['open', 'cancelled'],
];

describe('when an approval moves from one status to another', () => {
  const { options } = ApprovalStatus;
  test.each(options)('then from %s it goes where the lifecycle says, and nowhere else', (from) => {
    const reached = options.filter((to) => codeOf(() => moveTo(approvalLifecycle, from, to)) === 'done');
    expect(reached.map((to) => [from, to])).toEqual(allowed.filter(([it]) => it === from));
  });
});

describe('when an approval is opened', () => {
  const times: readonly (readonly [label: string, since: string, at: readonly [string, string, string]])[] = [
    ['on a Wednesday', '2026-07-01T12:00:00.000Z', ['2026-07-02', '2026-07-03', '2026-07-06']],
    ['on a Friday', '2026-07-03T12:00:00.000Z', ['2026-07-06', '2026-07-07', '2026-07-08']],
    ['on a Saturday, as if on the Monday', '2026-07-04T12:00:00.000Z', ['2026-07-07', '2026-07-08', '2026-07-09']],
  ];
  test.each(times)('then one asked %s reminds, is due and is late by business days', (_label, since, days) => {
    const awaits = { ...aQuestion().awaits, since };
    const { remindAt, deadlineAt, lateAt } = openApproval(aQuestion({ awaits }), aProgram());
    expect([remindAt, deadlineAt, lateAt]).toEqual(days.map((day) => `${day}T12:00:00.000Z`));
  });

  test('then its times count from the submission, whenever it was asked', () => {
    const { createdAt, due, remindAt } = openApproval(aQuestion(), aProgram());
    expect({ createdAt, due }).toEqual({ createdAt: askedAt, due: { what: 'remind', at: remindAt } });
  });

  const consequences: readonly (readonly [label: string, about: Partial<Question>, late: boolean])[] = [
    ['every check is clean', {}, true],
    ['there is nothing to check', { checks: [] }, true],
    ['a check warns', { checks: [{ check: 'x', outcome: 'warn', detail: 'y' }] }, false],
    ['a check fails', { checks: [{ check: 'x', outcome: 'fail', detail: 'y' }] }, false],
    ['it is about a close', { kind: 'deal_close' }, false],
    ['it is about an application', { kind: 'partner_application' }, false],
  ];
  test.each(consequences)('then when %s, does lateness decide?', (_label, about, late) => {
    expect(openApproval(aQuestion(about), aProgram()).lateAt !== undefined).toBe(late);
  });

  test('then lateness decides nothing where the program has switched it off', () => {
    const program = aProgram();
    const off = { ...program.deals, lateApproval: { enabled: false, afterBusinessDays: 3 } };
    expect(openApproval(aQuestion(), { ...program, deals: off }).lateAt).toBeUndefined();
  });

  const steps: readonly (readonly [
    label: string,
    about: Partial<Question>,
    expected: readonly (readonly [Role, number])[],
  ])[] = [
    ['a registration', {}, [['partner_manager', 1]]],
    ['a small fund request', { kind: 'mdf_request', amount: usd(500_000) }, [['partner_manager', 1]]],
    [
      'a cent more',
      { kind: 'mdf_request', amount: usd(500_001) },
      [
        ['partner_manager', 1],
        ['finance', 1],
      ],
    ],
    ['a small claim', { kind: 'mdf_claim', amount: usd(500_000) }, [['finance', 1]]],
    ['a large claim', { kind: 'mdf_claim', amount: usd(500_001) }, [['finance', 2]]],
    ['a small run', { kind: 'payout_run', amount: usd(5_000_000) }, [['finance', 1]]],
    ['a large run', { kind: 'payout_run', amount: usd(5_000_001) }, [['finance', 2]]],
    ['one without an amount', { kind: 'payout_run', amount: undefined }, [['finance', 1]]],
  ];
  test.each(steps)('then %s is decided by', (_label, about, expected) => {
    const approval = openApproval(aQuestion(about), aProgram());
    expect(approval.steps.map(({ role, needed }) => [role, needed])).toEqual(expected);
    expect(approval.requiredRole).toBe(expected[0]?.[0]);
  });
});

describe('when several people must decide', () => {
  const run = anApproval({}, { kind: 'payout_run', amount: usd(9_000_000) });
  const request = anApproval({}, { kind: 'mdf_request', amount: usd(900_000) });

  test('then the first of two leaves it open, the second ends it', () => {
    const once = approvedBy(run, 'usr_a');
    expect([once.status, requiredDecisions(once)]).toEqual(['open', 1]);
    const twice = approvedBy(once, 'usr_b');
    expect([twice.status, requiredDecisions(twice)]).toEqual(['approved', 0]);
    expect(twice).not.toHaveProperty('due');
  });

  test('then after the first step the second is somebody else’s', () => {
    const second = approvedBy(request, 'usr_manager');
    expect(second).toMatchObject({ status: 'open', requiredRole: 'finance' });
    expect(mayDecide(second, 'partner_manager')).toBe(false);
    expect(approvedBy(second, 'usr_finance').status).toBe('approved');
  });

  test.each(['reject', 'return'] as const)('then one %s ends it at once, in any step', (outcome) => {
    for (const approval of [request, approvedBy(request, 'usr_manager'), approvedBy(run, 'usr_a')]) {
      const ended = decideApproval(approval, { by: 'usr_z', at: askedAt, outcome, reason: 'No.' });
      expect(ended.status).toBe(outcome === 'reject' ? 'rejected' : 'returned');
      expect(ended).not.toHaveProperty('due');
    }
  });

  test('then three of three in two steps are asked one after another', () => {
    const program = withSteps('earning', [
      { role: 'finance', decisions: 2 },
      { role: 'admin', decisions: 1 },
    ]);
    const opened = openApproval(aQuestion({ kind: 'earning' }), program);
    const seen = [opened, approvedBy(opened, 'usr_a'), approvedBy(opened, 'usr_a', 'usr_b')];
    expect(seen.map((it) => [it.requiredRole, requiredDecisions(it)])).toEqual([
      ['finance', 2],
      ['finance', 1],
      ['admin', 1],
    ]);
    expect(approvedBy(opened, 'usr_a', 'usr_b', 'usr_c').status).toBe('approved');
  });
});

describe('when somebody decides', () => {
  const decided = approvedBy(anApproval({}, { kind: 'payout_run', amount: usd(9_000_000) }), 'usr_a');
  const manager = { id: 'usr_m', role: 'partner_manager' } as const;
  const escalated = escalateApproval(anApproval(), askedAt);
  const escalatedMoney = escalateApproval(anApproval({}, { kind: 'payout_run' }), askedAt);
  const rows: readonly (readonly [
    label: string,
    approval: Approval,
    by: { id: string; role: Role },
    code: string | undefined,
  ])[] = [
    ['the right role may', anApproval(), manager, undefined],
    ['who submitted it may not', anApproval({ submittedBy: 'usr_m' }), manager, 'approval.own_submission'],
    ['who decided on it may not again', decided, { id: 'usr_a', role: 'finance' }, 'approval.already_decided_by_you'],
    ['a second one may', decided, { id: 'usr_b', role: 'finance' }, undefined],
    ['another role may not', anApproval(), { id: 'usr_f', role: 'finance' }, 'auth.forbidden'],
    ['an administrator may not before it is escalated', anApproval(), { id: 'usr_x', role: 'admin' }, 'auth.forbidden'],
    ['an administrator may once it is escalated', escalated, { id: 'usr_x', role: 'admin' }, undefined],
    ['the right role still may once it is escalated', escalated, manager, undefined],
    ['an administrator never may about money', escalatedMoney, { id: 'usr_x', role: 'admin' }, 'auth.forbidden'],
    [
      'who submitted it may not, in whatever role',
      { ...escalated, submittedBy: 'usr_x' },
      { id: 'usr_x', role: 'admin' },
      'approval.own_submission',
    ],
  ];
  test.each(rows)('then %s', (_label, approval, by, code) => {
    expect(whyNot(approval, by)?.code).toBe(code);
  });

  const outcomes: readonly (readonly [outcome: Outcome, reason: string | undefined, code: string])[] = [
    ['approve', undefined, 'done'],
    ['approve', 'Well done.', 'done'],
    ['reject', undefined, 'approval.reason_missing'],
    ['reject', 'Not ours.', 'done'],
    ['return', undefined, 'approval.reason_missing'],
    ['return', 'Who decides?', 'done'],
  ];
  test.each(outcomes)('then to %s with the reason %s is', (outcome, reason, code) => {
    const decision = { by: 'usr_m', at: askedAt, outcome, ...(reason ? { reason } : {}) };
    expect(codeOf(() => decideApproval(anApproval(), decision))).toBe(code);
  });

  test.each(['approved', 'rejected', 'returned', 'cancelled'] as const)('then what is %s is closed', (status) => {
    const decision = { by: 'usr_m', at: askedAt, outcome: 'approve' as const };
    expect(() => decideApproval(anApproval({ status }), decision)).toThrow(
      expect.objectContaining({ code: 'approval.closed', details: { facts: { status } } }),
    );
  });
});

describe('when time passes', () => {
  const reminded = remindApproval(anApproval(), '2026-07-02T12:00:00.000Z');
  const escalated = escalateApproval(reminded, '2026-07-03T12:00:00.000Z');

  test('then it is reminded, escalated and, being clean, approved by the system', () => {
    expect(reminded.due).toEqual({ what: 'escalate', at: '2026-07-03T12:00:00.000Z' });
    expect(escalated.due).toEqual({ what: 'decide-late', at: '2026-07-06T12:00:00.000Z' });
    const late = approveLate(escalated, '2026-07-06T12:00:00.000Z');
    expect(late).toMatchObject({ status: 'approved', steps: [{ decisions: [{ by: 'system', outcome: 'approve' }] }] });
    expect(late).not.toHaveProperty('due');
  });

  test('then one that is not clean stays open, with nothing due any more', () => {
    const { lateAt: _late, ...doubtful } = anApproval();
    const last = escalateApproval(remindApproval(doubtful, askedAt), askedAt);
    expect(last.status).toBe('open');
    expect(last).not.toHaveProperty('due');
  });

  test('then the system decides only in the steps that nobody has decided', () => {
    const program = withSteps('deal_registration', [
      { role: 'partner_manager', decisions: 1 },
      { role: 'finance', decisions: 1 },
    ]);
    const half = approvedBy(openApproval(aQuestion(), program), 'usr_m');
    expect(decisionsOf(approveLate(half, askedAt)).map(({ by }) => by)).toEqual(['usr_m', 'system']);
  });

  test('then a withdrawn subject cancels it', () => {
    expect(cancelApproval(escalated)).toMatchObject({ status: 'cancelled' });
    expect(cancelApproval(escalated)).not.toHaveProperty('due');
  });

  const lateness: readonly (readonly [label: string, approval: Approval, now: string, late: boolean])[] = [
    ['an open one at its due time is not late', anApproval(), '2026-07-03T12:00:00.000Z', false],
    ['an open one a millisecond later is', anApproval(), '2026-07-03T12:00:00.001Z', true],
    ['a closed one never is', anApproval({ status: 'approved' }), '2026-12-31T00:00:00.000Z', false],
  ];
  test.each(lateness)('then %s', (_label, approval, now, late) => {
    expect(viewApproval(approval, now)).toMatchObject({ late, dueAt: '2026-07-03T12:00:00.000Z' });
  });
});

describe('when an approval is shown', () => {
  test('then what is left to do is shown, and none of our bookkeeping', () => {
    const view = viewApproval(
      approvedBy(anApproval({}, { kind: 'payout_run', amount: usd(9_000_000) }), 'usr_a'),
      askedAt,
    );
    expect(view).toMatchObject({ requiredRole: 'finance', requiredDecisions: 1, decisions: [{ by: 'usr_a' }] });
    expect(staffRoles).toContain(view.requiredRole);
    for (const hidden of ['head', 'doneKeys', 'due']) expect(view).not.toHaveProperty(hidden);
  });
});

describe('when somebody may not decide, then it is told why', () => {
  const decided = approvedBy(anApproval({}, { kind: 'payout_run', amount: usd(9_000_000) }), 'usr_first');
  const barred = anApproval({ barred: ['usr_before'] });
  const rows: readonly (readonly [label: string, approval: Approval, by: string, code: string, message: string])[] = [
    [
      'who submitted it',
      anApproval(),
      'usr_rep',
      'approval.own_submission',
      'Nobody decides on what they submitted themselves.',
    ],
    [
      'who has decided',
      decided,
      'usr_first',
      'approval.already_decided_by_you',
      'You have decided; the next decision is somebody else’s.',
    ],
    [
      'who decided before it was disputed',
      barred,
      'usr_before',
      'approval.already_decided_by_you',
      'You asked for it or decided on it before; a dispute is answered by somebody else.',
    ],
    ['another role', anApproval(), 'usr_other', 'auth.forbidden', 'This is decided by partner_manager.'],
  ];
  test.each(rows)('%s', (_label, approval, id, code, message) => {
    const refusal = whyNot(approval, { id, role: id === 'usr_other' ? 'admin' : approval.requiredRole });
    expect({ kind: refusal?.kind, code: refusal?.code, message: refusal?.message }).toEqual({
      kind: 'forbidden',
      code,
      message,
    });
  });

  test('and the others may', () => {
    expect(whyNot(barred, { id: 'usr_other', role: 'partner_manager' })).toBeUndefined();
    expect(whyNot(decided, { id: 'usr_second', role: 'finance' })).toBeUndefined();
    const closed = approvedBy(anApproval(), 'usr_manager');
    expect(whyNot(closed, { id: 'usr_other', role: 'finance' })).toBeUndefined();
  });
});

describe('when a decision cannot be taken', () => {
  test.each(['reject', 'return'] as const)('then to %s without a reason names the field', (outcome) => {
    expect(refusalOf(() => decideApproval(anApproval(), { by: 'usr_a', at: askedAt, outcome }))).toMatchObject({
      kind: 'rule',
      code: 'approval.reason_missing',
      message: 'Say why, in words that the partner can use.',
      details: { errors: [{ pointer: '#/reason', code: 'approval.reason_missing', detail: 'must say why' }] },
    });
  });

  test('then one that is decided says what it is', () => {
    const approved = approvedBy(anApproval(), 'usr_a');
    const again = { by: 'usr_b', at: askedAt, outcome: 'approve' as const };
    expect(refusalOf(() => decideApproval(approved, again))).toMatchObject({
      kind: 'conflict',
      code: 'approval.closed',
      message: 'It is approved already.',
      details: { facts: { status: 'approved' } },
    });
    expect(requiredDecisions(approved)).toBe(0);
  });
});

describe('when an approval is looked at or left', () => {
  const run = anApproval({}, { kind: 'payout_run', amount: usd(9_000_000) });
  const later = '2026-07-02T12:00:00.000Z';
  const decisions = [
    { by: 'usr_a', at: askedAt, outcome: 'approve' as const },
    { by: 'usr_b', at: later, outcome: 'approve' as const },
  ];

  test('then an earlier version of it shows the decisions of its time', () => {
    const both = { ...run, steps: run.steps.map((step) => ({ ...step, decisions })) };
    const before = asOf({ ...both, updatedAt: askedAt });
    expect(before).toEqual({ ...both, updatedAt: askedAt, steps: [{ ...run.steps[0], decisions: [decisions[0]] }] });
    expect(decisionsOf(asOf({ ...both, updatedAt: later }))).toEqual(decisions);
  });

  test('then what lateness no longer decides stays open, and nothing is due', () => {
    const escalated = escalateApproval(anApproval(), later);
    expect(escalated.due?.what).toBe('decide-late');
    const { due: _due, lateAt: _late, ...rest } = escalated;
    expect(holdApproval(escalated)).toEqual(rest);
  });

  test('then an approval by lateness says so', () => {
    expect(decisionsOf(approveLate(anApproval(), later))).toEqual([
      { by: 'system', at: later, outcome: 'approve', reason: 'Nobody decided in time, and every check was clean.' },
    ]);
  });
});
