import { now } from '#test/deals/at-the-deals-door.ts';
import { aVerifiedDocument } from '#test/documents/a-document.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { request } from '#test/support/every-door.ts';
import { finance, manager, repOf } from '#test/support/people.ts';
import { anApprovedRequest, decideOn, usd } from './a-fund-request.ts';

/** The day after the activity of `aPlan`. */
export const afterEvent = '2026-08-22T09:00:00.000Z';

let serial = 0;

/** A claim in the shape that partners send, of documents that are named only. */
export const aContent = (overrides: Readonly<Record<string, unknown>> = {}) => {
  serial += 1;
  return {
    claimedAmount: usd(400_000),
    invoices: [
      {
        number: `R-${serial}`,
        supplier: 'Harbour Hall',
        issuedOn: '2026-08-21',
        amount: usd(800_000),
        documentId: `doc_invoice${serial}`,
      },
    ],
    proofs: [
      { kind: 'attendee-list', documentId: `doc_list${serial}` },
      { kind: 'photo', documentId: `doc_photo${serial}` },
    ],
    outcome: { leads: 34, pipeline: usd(26_000_000), attendees: 61 },
    ...overrides,
  };
};

/** One that names the same document everywhere, so that it is refused for that. */
export const aContentOf = (documentId: string) => {
  const { invoices, proofs, ...rest } = aContent();
  const same = <It>(each: It) => ({ ...each, documentId });
  return { ...rest, invoices: invoices.map(same), proofs: proofs.map(same) };
};

/** The same with three verified documents of the partner. */
export const aFullClaim = async (partnerId: string, overrides: Readonly<Record<string, unknown>> = {}) => {
  const content = aContent();
  const [invoice, list, photo] = [
    await aVerifiedDocument({ partnerId }),
    await aVerifiedDocument({ partnerId }),
    await aVerifiedDocument({ partnerId }),
  ];
  return {
    ...content,
    invoices: content.invoices.map((each) => ({ ...each, documentId: invoice.id })),
    proofs: [
      { kind: 'attendee-list', documentId: list.id },
      { kind: 'photo', documentId: photo.id },
    ],
    ...overrides,
  };
};

/** One for so much, of invoices for twice that. */
export const aClaimFor = async (partnerId: string, amountMinor: number) => {
  const content = await aFullClaim(partnerId, { claimedAmount: usd(amountMinor) });
  return { ...content, invoices: content.invoices.map((each) => ({ ...each, amount: usd(amountMinor * 2) })) };
};

type More = Partial<Omit<Call, 'operation'>>;

export const claim = (partnerId: string, requestId: string, body: unknown, more: More = {}): Promise<Reply> =>
  request({
    operation: 'submit-mdf-claim',
    caller: repOf(partnerId),
    at: afterEvent,
    params: { requestId },
    body,
    ...more,
  });

/** An approved request of 4,000.00 and a claim of all of it that waits for a decision. */
export const aSubmittedClaim = async (
  partnerId: string,
  more: { readonly amountMinor?: number; readonly plan?: unknown } = {},
): Promise<{ readonly requestId: string; readonly claimId: string }> => {
  const requestId = await anApprovedRequest(partnerId, more.plan);
  const body = await aClaimFor(partnerId, more.amountMinor ?? 400_000);
  const reply = await claim(partnerId, requestId, body);
  if (reply.status !== 201) throw new Error(`Nothing was claimed: ${JSON.stringify(reply.body)}`);
  return { requestId, claimId: String(reply.body.id) };
};

/** Finance decides on a claim; opens its approval unless it says which version of it was seen. */
export const decideClaim = (
  claimId: string,
  body: Readonly<Record<string, unknown>> = { outcome: 'approve' },
  more: Parameters<typeof decideOn>[2] = {},
): Promise<Reply> => decideOn(claimId, body, { caller: finance, at: afterEvent, ...more });

/** One that finance has decided on, at the tests' `now` when the approval's times do not matter. */
export const aDecidedClaim = async (partnerId: string, body: Readonly<Record<string, unknown>>) => {
  const ids = await aSubmittedClaim(partnerId);
  const reply = await decideClaim(ids.claimId, body);
  if (reply.status !== 200) throw new Error(`It was not decided: ${JSON.stringify(reply.body)}`);
  return ids;
};

export const aReturnedClaim = (partnerId: string) =>
  aDecidedClaim(partnerId, { outcome: 'return', reason: 'Who is in the photo?' });

export const getClaim = (claimId: string, at: string = now): Promise<Reply> =>
  request({ operation: 'get-mdf-claim', caller: manager, at, params: { claimId } });
