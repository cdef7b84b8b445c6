import { describe, expect, test } from 'vitest';
import { ClaimContent, type ClaimStatus, claimLifecycle, claimStatuses } from '#shared/mdf/claim.ts';
import { claimFaults, repeatFaults } from '#shared/mdf/claim-faults.ts';
import { isLapsed, resubmitClaim, returnClaim, submitClaim } from '#shared/mdf/claim-life.ts';
import { Plan } from '#shared/mdf/fund-request.ts';
import { approveRequest, submitRequest } from '#shared/mdf/request-life.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aContent, afterEvent } from './a-claim.ts';
import { aPlan, usd } from './a-fund-request.ts';

const program = aProgram();
const asked = { now: '2026-07-01T12:00:00.000Z', by: 'usr_rep', id: 'mdr_1', partnerId: 'ptr_1' };
const request = approveRequest(submitRequest(Plan.parse(aPlan()), asked, { version: 1, program }), usd(400_000), {
  now: asked.now,
  program,
});
const rules = { request, timeZone: 'UTC', now: afterEvent };
const content = (overrides: Readonly<Record<string, unknown>> = {}): ClaimContent =>
  ClaimContent.parse(aContent(overrides));
const invoice = { number: 'R-1', supplier: 'Hall', issuedOn: '2026-08-21', amount: usd(100), documentId: 'doc_1' };
const eur = { amountMinor: 1, currency: 'EUR' };

describe('when a claim is held against the rules', () => {
  test.each<
    readonly [
      label: string,
      overrides: Readonly<Record<string, unknown>>,
      faults: readonly (readonly [string, string])[],
    ]
  >([
    ['a right one', {}, []],
    [
      'a cent above our share of the invoices',
      { claimedAmount: usd(400_001) },
      [['#/claimedAmount', 'mdf.share_too_high']],
    ],
    [
      'the share of two invoices together',
      { claimedAmount: usd(100), invoices: [invoice, { ...invoice, number: 'R-2', documentId: 'doc_2' }] },
      [],
    ],
    ['no photo', { proofs: [{ kind: 'attendee-list', documentId: 'doc_1' }] }, [['#/proofs', 'mdf.proof_missing']]],
    [
      'an invoice of tomorrow',
      { claimedAmount: usd(1), invoices: [{ ...invoice, issuedOn: '2026-08-23' }] },
      [['#/invoices/0/issuedOn', 'mdf.dates_out_of_range']],
    ],
    [
      'everything in another currency',
      { claimedAmount: eur, invoices: [{ ...invoice, amount: eur }], outcome: { leads: 1, pipeline: eur } },
      [
        ['#/claimedAmount/currency', 'money.currency_mismatch'],
        ['#/invoices/0/amount/currency', 'money.currency_mismatch'],
        ['#/outcome/pipeline/currency', 'money.currency_mismatch'],
      ],
    ],
  ])('then %s has exactly its faults', (_, overrides, faults) => {
    expect(claimFaults(content(overrides), rules).map(({ pointer, code }) => [pointer, code])).toEqual(faults);
  });

  test.each([
    ['no invoice', { invoices: [] }, 'invoices'],
    ['an amount of zero', { claimedAmount: usd(0) }, 'claimedAmount'],
    ['a negative invoice', { invoices: [{ ...invoice, amount: usd(-5) }] }, 'invoices'],
    ['an unknown kind of proof', { proofs: [{ kind: 'rumour', documentId: 'doc_1' }] }, 'proofs'],
    ['a supplier of punctuation', { invoices: [{ ...invoice, supplier: '...' }] }, 'invoices'],
  ])('then %s does not parse', (_, overrides, field) => {
    const result = ClaimContent.safeParse(aContent(overrides));
    expect(result.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });

  test('then an invoice or a content that stands in it twice is found, however it is written', () => {
    const twice = content({
      invoices: [invoice, { ...invoice, number: 'r 1', documentId: 'doc_2' }],
      proofs: [
        { kind: 'photo', documentId: 'doc_1' },
        { kind: 'attendee-list', documentId: 'doc_4' },
      ],
    });
    expect(repeatFaults(twice, ['a', 'b', 'a', 'b']).map(({ pointer }) => pointer)).toEqual([
      '#/invoices/1',
      '#/proofs/0/documentId',
      '#/proofs/1/documentId',
    ]);
  });
});

describe('when a claim is submitted', () => {
  const input = { content: content(), documents: [] };
  const by = { id: 'clm_1', now: afterEvent, by: 'usr_rep' };

  test.each([
    ['before the window closes', '2026-10-20T23:59:59.999Z', undefined],
    ['when it has closed', '2026-10-21T00:00:00.000Z', 'could be claimed until'],
  ])('then %s it is taken or not', (_, now, refusal) => {
    const submit = () => submitClaim(input, request, { ...by, now });
    if (refusal) expect(submit).toThrow(refusal);
    else expect(submit()).toMatchObject({ status: 'submitted', quarter: '2026-Q3', requestId: 'mdr_1' });
  });

  test('then only an approved request can be claimed', () => {
    expect(() => submitClaim(input, { ...request, status: 'submitted' }, by)).toThrow('this one is submitted');
  });

  test('then a returned one has 30 days for an answer, and its content has a new hash', () => {
    const claim = submitClaim(input, request, by);
    const returned = returnClaim(claim, 'Who?', { now: '2026-10-20T12:00:00.000Z', program: aProgram() });
    expect(isLapsed(returned, '2026-11-19T11:59:59.999Z')).toBe(false);
    expect(isLapsed(returned, '2026-11-19T12:00:00.000Z')).toBe(true);
    const again = resubmitClaim(
      returned,
      { content: content(), documents: [] },
      { now: '2026-11-19T11:00:00.000Z', by: 'usr' },
    );
    expect(again).toMatchObject({ status: 'submitted', awaits: { approvalId: 'apr_clm_1_2' } });
    expect(again.contentHash).not.toBe(claim.contentHash);
  });
});

describe('when the lifecycle is written out again', () => {
  const allowed: Readonly<Record<ClaimStatus, string>> = {
    submitted: 'approved partially_approved rejected returned',
    returned: 'submitted expired',
    approved: 'paid',
    partially_approved: 'approved partially_approved paid',
    rejected: 'approved partially_approved',
    expired: '',
    paid: '',
  };
  test.each(claimStatuses)('then %s goes where API.md says', (status) => {
    expect(claimLifecycle[status].join(' ')).toBe(allowed[status]);
  });
});
