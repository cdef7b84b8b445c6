import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '#shared/core/caller.ts';
import { addDays } from '#shared/core/time.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import { fail, ownIntent } from '#shared/payouts/payout-steps-store.ts';
import type { PartnerRecords } from '#shared/tasks/task.ts';
import { tasksOf } from '#shared/tasks/tasks-of.ts';
import { aDeal, returnedUntil } from '#test/deals/a-deal.ts';
import { register } from '#test/deals/at-the-deals-door.ts';
import { anEarning } from '#test/earnings/an-earning.ts';
import { aReturnedClaim } from '#test/mdf/a-claim.ts';
import { aReturnedRequest, grant } from '#test/mdf/a-fund-request.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { aPayout } from '#test/payouts/a-run.ts';
import { aStatement, usd } from '#test/payouts/a-statement.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { request } from '#test/support/every-door.ts';
import { finance, repOf } from '#test/support/people.ts';

const now = '2026-09-01T12:00:00.000Z';
const program = aProgram();
let records: PartnerRecords;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(program);
  const partner = await getPartner(await anActivePartner());
  const nothing = { statements: [], deals: [], requests: [], claims: [], answered: [], warnings: [], plans: [] };
  records = { ...nothing, partner, payee, program, now };
});

const payee: NonNullable<PartnerRecords['payee']> = {
  version: 1,
  kind: 'iban',
  accountHolder: 'Northwind Ltd',
  lastFour: '3000',
  address: { streetAddress: '1 Main Street', city: 'Berlin', postalCode: '10115', countryCode: 'DE' },
  countryCode: 'DE',
  changedAt: '2026-06-01T12:00:00.000Z',
  changedBy: 'usr_1',
};
const withForm = { ...payee, taxForm: { kind: 'eu_vat' as const, lastFour: '1234' } };

const statement = (amountMinor: number, more: Partial<Payout> = {}) => {
  const { payout, ...rest } = aStatement({ amountDue: amountMinor, earned: amountMinor });
  return { ...rest, payout: { ...payout, ...more } };
};
const failed = (more: Partial<Payout> = {}) =>
  statement(12_000, {
    id: 'pay_failed',
    status: 'failed',
    period: '2026-07',
    amount: usd(12_000),
    endedAt: '2026-08-07T12:00:00.000Z',
    reason: 'the account is closed',
    carriedOut: [{ earned: 12_000, takenBack: 0, takenBackForFraud: 0, to: '2026-08', reasons: ['failed'] }],
    ...more,
  });
const later = (status: Payout['status'], more: Partial<Payout> = {}) =>
  statement(12_000, { id: 'pay_later', period: '2026-08', status, ...more });
const carriedOn = { carriedOut: [{ earned: 12_000, takenBack: 0, takenBackForFraud: 0, to: '2026-09', reasons: [] }] };
const sent = { status: 'sent' as const, sentAt: '2026-03-05T12:00:00.000Z' };

const kindsOf = (more: Partial<PartnerRecords>): readonly string[] =>
  tasksOf({ ...records, ...more }).map(({ kind }) => kind);

describe('when a partner’s tasks are found in its records', () => {
  test.each<readonly [string, () => Partial<PartnerRecords>, readonly string[]]>([
    ['nothing, when all is well', () => ({ payee: withForm, statements: [statement(900_000)] }), []],
    ['where to pay, when nobody has said', () => ({ payee: undefined }), ['payee_missing']],
    [
      'where to pay, when the provider cannot pay there',
      () => ({ payee: { ...payee, kind: 'stripe_account' } }),
      ['payee_missing'],
    ],
    [
      'nothing of a partner that has ended and is owed nothing',
      () => ({ payee: undefined, partner: { ...records.partner, status: 'terminated' } }),
      [],
    ],
    [
      'where to pay, of one that has ended and is owed something',
      () => ({
        payee: undefined,
        partner: { ...records.partner, status: 'terminated' },
        statements: [statement(100)],
      }),
      ['payee_missing'],
    ],
    ['no form below the threshold', () => ({ statements: [statement(199_999)] }), []],
    ['a form from the threshold on', () => ({ statements: [statement(200_000)] }), ['tax_form_needed']],
    [
      'a form where what was sent this year counts too',
      () => ({ statements: [statement(150_000, { ...sent, amount: usd(150_000) }), statement(50_000)] }),
      ['tax_form_needed'],
    ],
    [
      'no form where it was sent the year before',
      () => ({
        statements: [statement(150_000, { ...sent, sentAt: '2025-12-05T12:00:00.000Z', amount: usd(150_000) })],
      }),
      [],
    ],
    [
      'a form of the right kind',
      () => ({ payee: { ...withForm, taxForm: { kind: 'w9', lastFour: '1234' } }, statements: [statement(200_000)] }),
      ['tax_form_needed'],
    ],
    ['a failed payout that is still owed', () => ({ statements: [failed(), later('open')] }), ['payout_failed']],
    ['a failed payout with nothing after it', () => ({ statements: [failed()] }), ['payout_failed']],
    [
      'a failed payout that was carried further',
      () => ({ statements: [failed(), later('carried', carriedOn)] }),
      ['payout_failed'],
    ],
    ['none that was paid since', () => ({ statements: [failed(), later('paid')] }), []],
    ['none after other details were told', () => ({ payee: { ...payee, changedAt: now }, statements: [failed()] }), []],
    [
      'once, when it has failed again',
      () => ({ statements: [failed(), later('failed', { endedAt: now, amount: usd(12_000) })] }),
      ['payout_failed'],
    ],
    [
      'a returned application',
      () => ({ partner: { ...records.partner, status: 'returned' } }),
      ['application_returned'],
    ],
    ['a dispute that was answered', () => ({ answered: [anEarning()] }), ['dispute_answered']],
  ])('then %s', (_words, more, expected) => {
    expect(kindsOf(more())).toEqual(expected);
  });

  test('then what is due first comes first, and each says in words what to do', () => {
    const deals = [
      aDeal({ id: 'deal_2', status: 'returned', returnedUntil: addDays(returnedUntil, 1) }),
      aDeal({ id: 'deal_1', status: 'returned', returnedUntil, reason: 'Which plant?' }),
    ];
    const answered = [anEarning({ id: 'ern_1', disputeAnswer: 'It was one plant.' })];
    const found = tasksOf({ ...records, payee: undefined, deals, answered, statements: [failed()] });
    expect(found.map(({ kind, dueAt, subject }) => [kind, dueAt, subject.id])).toEqual([
      ['deal_returned', returnedUntil, 'deal_1'],
      ['deal_returned', addDays(returnedUntil, 1), 'deal_2'],
      ['payee_missing', undefined, records.partner.id],
      ['payout_failed', undefined, 'pay_failed'],
      ['dispute_answered', undefined, 'ern_1'],
    ]);
    expect(found.map(({ text }) => text)).toMatchObject([
      expect.stringContaining('Acme Industries (platform) and send it again, or it lapses. We ask: Which plant?'),
      expect.anything(),
      expect.stringContaining('Tell us where to pay you'),
      expect.stringContaining('We could not pay you USD 120.00 of 2026-07: the account is closed'),
      expect.stringContaining('was answered: It was one plant.'),
    ]);
  });

  test('then never more than a hundred', () => {
    const deals = Array.from({ length: 150 }, (_, index) => aDeal({ id: `deal_${index}`, status: 'returned' }));
    expect(kindsOf({ deals })).toHaveLength(100);
  });
});

describe('when somebody asks for a partner’s tasks', () => {
  const ask = (partnerId: string, caller: Caller) =>
    request({ operation: 'list-partner-tasks', caller, params: { partnerId }, at: now });

  test('then they are found in what is stored, for its own people and for staff', async () => {
    const partnerId = await anActivePartner();
    await grant(partnerId, 1_000_000);
    const requestId = await aReturnedRequest(partnerId);
    const { claimId } = await aReturnedClaim(partnerId);
    const payout = await aPayout('sent', { partnerId });
    await fail(payout, { at: now, intentOf: ownIntent('fail', now), reason: 'the account is closed' });
    const dealId = String((await register(partnerId)).body.id);
    const at = '2026-07-01T12:00:00.000Z';
    const body = { outcome: 'return', reason: 'Which plant?' };
    await decide(await anOpenApproval(dealId, at), { body });

    const own = await ask(partnerId, repOf(partnerId));
    expect(own.body).toMatchObject({ nextCursor: null });
    expect((own.body.data as PartnerTasks).map(({ kind, subject }) => [kind, subject.id]).sort()).toEqual(
      [
        ['deal_returned', dealId],
        ['mdf_claim_returned', claimId],
        ['mdf_request_returned', requestId],
        ['payee_missing', partnerId],
        ['payout_failed', payout.id],
      ].sort(),
    );
    expect((await ask(partnerId, finance)).body).toEqual(own.body);
  });

  test('then another partner’s people are told that there is no such thing', async () => {
    expect((await ask(records.partner.id, repOf('ptr_other'))).status).toBe(404);
  });
});

type PartnerTasks = readonly { readonly kind: string; readonly subject: { readonly id: string } }[];

describe('when the last quarter warns of something', () => {
  const warning = { kind: 'no_deal', text: 'No deal for 3 months or more.', action: 'Call the partner.' } as const;
  const told = (until: string, more: Partial<PartnerRecords> = {}) =>
    tasksOf({ ...records, warnings: [{ ...warning, until }], ...more }).filter(({ kind }) => kind === 'early_warning');

  test('then it is a task until the end of its last day', () => {
    expect(told('2026-09-01')).toEqual([
      {
        kind: 'early_warning',
        text: 'No deal for 3 months or more. Call the partner.',
        dueAt: '2026-09-02T00:00:00.000Z',
        subject: { type: 'partner', id: records.partner.id },
      },
    ]);
    expect(told('2026-08-31')).toEqual([]);
  });

  test('then a suspended partner is left alone', () => {
    expect(told('2026-09-30', { partner: { ...records.partner, status: 'suspended' } })).toEqual([]);
  });
});
