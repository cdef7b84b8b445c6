import { beforeAll, describe, expect, test } from 'vitest';
import {
  claimAll,
  claimDocument,
  claimInvoice,
  type Holdings,
  releaseAll,
  replaceAll,
} from '#shared/documents/claim-store.ts';
import type { ClaimedDocument, Document } from '#shared/documents/document.ts';
import { claimableFrom, documentKey } from '#shared/documents/document-store.ts';
import { read, transact, type Write } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { anExpectedDocument, aRejectedDocument, aVerifiedDocument, freshSha256 } from './a-document.ts';

beforeAll(async () => {
  await testTable();
});

const ours = 'ptr_ours';
const theirs = 'ptr_theirs';

const bound = ({ id, sha256 }: Document): ClaimedDocument => ({ documentId: id, versionId: 'v1', sha256 });

/** The code of the refusal, or `done`. */
const outcomeOf = async (...writes: readonly Write[]): Promise<string> => {
  const failure = await transact(writes);
  if (!failure) return 'done';
  const refusal = writes[failure.index]?.refuse(failure.image);
  return refusal && 'code' in refusal ? String(refusal.code) : String(refusal);
};

const claiming = ({ document, by = ours, claim }: { document: Document; by?: string; claim: string }) =>
  outcomeOf(claimDocument(bound(document), claim, by));

let serial = 0;
const anInvoice = () => {
  serial += 1;
  return { supplier: 'Acme Printing', number: `A-${serial}` };
};

const holding = (document: Document, ...invoices: Holdings['invoices']): Holdings => ({
  documents: [bound(document)],
  invoices,
});

describe('a document is claimed once', () => {
  test('when a verified document is claimed, then no other claim can have it', async () => {
    const document = await aVerifiedDocument({ partnerId: ours });
    expect(await claiming({ document, claim: 'clm_1' })).toBe('done');
    expect(await claiming({ document, claim: 'clm_2' })).toBe('mdf.document_already_claimed');
  });

  test('when the same bytes are uploaded again, by the same partner or another, then they are claimed already', async () => {
    const sha256 = freshSha256();
    const first = await aVerifiedDocument({ partnerId: ours, sha256 });
    const again = await aVerifiedDocument({ partnerId: ours, sha256 });
    const elsewhere = await aVerifiedDocument({ partnerId: theirs, sha256 });
    expect(await claiming({ document: first, claim: 'clm_1' })).toBe('done');
    expect(await claiming({ document: again, claim: 'clm_2' })).toBe('mdf.document_already_claimed');
    expect(await claiming({ document: elsewhere, by: theirs, claim: 'clm_3' })).toBe('mdf.document_already_claimed');
  });

  test('when somebody knows the hash of a document of another partner, then it is as if it were not there, claimed or not', async () => {
    const document = await aVerifiedDocument({ partnerId: ours });
    expect(await claiming({ document, by: theirs, claim: 'clm_2' })).toBe('not_found');
    expect(await claiming({ document, claim: 'clm_1' })).toBe('done');
    expect(await claiming({ document, by: theirs, claim: 'clm_2' })).toBe('not_found');
  });

  test('when a refusal is told, then it names no claim and no partner', async () => {
    const document = await aVerifiedDocument({ partnerId: ours });
    const write = claimDocument(bound(document), 'clm_second', ours);
    const refusal = write.refuse({
      pk: '',
      sk: '',
      claimId: 'clm_first',
      [`of:${ours}`]: 'doc_1',
      [`of:${theirs}`]: 'doc_2',
    });
    expect(JSON.stringify({ ...refusal, message: refusal.message })).not.toMatch(/clm_|ptr_|doc_/);
  });

  test('when 40 claims want one document at once, then one has it', async () => {
    const document = await aVerifiedDocument({ partnerId: ours });
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => claiming({ document, claim: `clm_${index}` })),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'mdf.document_already_claimed')).toHaveLength(39);
  });

  test('when a returned claim is sent again, then it keeps its documents', async () => {
    const document = await aVerifiedDocument({ partnerId: ours });
    expect(await claiming({ document, claim: 'clm_1' })).toBe('done');
    expect(await claiming({ document, claim: 'clm_1' })).toBe('done');
  });
});

describe('an invoice is claimed once', () => {
  test('when it stands in a claim, then it is refused for every other, however it is written', async () => {
    expect(await outcomeOf(claimInvoice({ supplier: 'Müller & Söhne GmbH', number: 'INV-0042' }, 'clm_1'))).toBe(
      'done',
    );
    const again = claimInvoice({ supplier: 'MULLER + SOHNE', number: 'inv 42' }, 'clm_2');
    expect(await outcomeOf(again)).toBe('mdf.invoice_already_claimed');
    expect(await outcomeOf(claimInvoice({ supplier: 'Müller & Söhne', number: 'INV-43' }, 'clm_2'))).toBe('done');
  });

  test('when a refusal is told, then it names no claim', () => {
    const refusal = claimInvoice(anInvoice(), 'clm_2').refuse({ pk: '', sk: '', claimId: 'clm_1' });
    expect(JSON.stringify({ ...refusal, message: refusal.message })).not.toContain('clm_');
  });
});

describe('what a claim holds as a whole', () => {
  test('when a document or an invoice stands in a claim twice, then it is taken once', async () => {
    const document = await aVerifiedDocument({ partnerId: ours });
    const invoice = anInvoice();
    const twice = { documents: [bound(document), bound(document)], invoices: [invoice, { ...invoice }] };
    expect(claimAll(twice, 'clm_1', ours)).toHaveLength(2);
    expect(await outcomeOf(...claimAll(twice, 'clm_1', ours))).toBe('done');
  });

  test('when one part is taken already, then nothing is taken', async () => {
    const [free, taken] = [await aVerifiedDocument({ partnerId: ours }), await aVerifiedDocument({ partnerId: ours })];
    await outcomeOf(...claimAll(holding(taken), 'clm_1', ours));
    const both = { documents: [bound(free), bound(taken)], invoices: [] };
    expect(await outcomeOf(...claimAll(both, 'clm_2', ours))).toBe('mdf.document_already_claimed');
    expect(await claiming({ document: free, claim: 'clm_3' })).toBe('done');
  });

  test('when a claim is rejected, then what it held can be claimed again, and is let go once', async () => {
    const held = holding(await aVerifiedDocument({ partnerId: ours }), anInvoice());
    expect(await outcomeOf(...claimAll(held, 'clm_1', ours))).toBe('done');
    expect(await outcomeOf(...releaseAll(held, 'clm_1'))).toBe('done');
    expect(await outcomeOf(...claimAll(held, 'clm_2', ours))).toBe('done');
    expect(await outcomeOf(...releaseAll(held, 'clm_1'))).toMatch(/is not held by clm_1/);
    expect(await outcomeOf(...claimAll(held, 'clm_3', ours))).toBe('mdf.document_already_claimed');
  });

  test('when a claim is sent again with other papers, then it lets go of those that left it', async () => {
    const [kept, left, came] = await Promise.all([1, 2, 3].map(() => aVerifiedDocument({ partnerId: ours })));
    if (!kept || !left || !came) throw new Error('three documents were made');
    const [first, second] = [anInvoice(), anInvoice()];
    const before = { documents: [bound(kept), bound(left)], invoices: [first] };
    const after = { documents: [bound(kept), bound(came)], invoices: [second] };
    await outcomeOf(...claimAll(before, 'clm_1', ours));
    expect(await outcomeOf(...replaceAll(before, after, { claimId: 'clm_1', partnerId: ours }))).toBe('done');
    expect(await outcomeOf(...claimAll(holding(left, first), 'clm_2', ours))).toBe('done');
    expect(await claiming({ document: kept, claim: 'clm_2' })).toBe('mdf.document_already_claimed');
    expect(await claiming({ document: came, claim: 'clm_2' })).toBe('mdf.document_already_claimed');
  });
});

describe('what a claim may name', () => {
  const look = async (documentId: string, partnerId: string): Promise<unknown> => {
    const [item] = await read([documentKey(documentId)]);
    try {
      return claimableFrom(item, partnerId);
    } catch (error) {
      return error;
    }
  };

  test('when it is a verified document of the partner, then the claim binds its version and its hash', async () => {
    const { id, sha256 } = await aVerifiedDocument({ partnerId: ours });
    expect(await look(id, ours)).toEqual({ documentId: id, versionId: 'v1', sha256 });
  });

  test('when it is of another partner, or nowhere, then it is not found', async () => {
    const { id } = await aVerifiedDocument({ partnerId: ours });
    expect(await look(id, theirs)).toMatchObject({ code: 'not_found' });
    expect(await look('doc_none', ours)).toMatchObject({ code: 'not_found' });
  });

  test('when it has not come, or was rejected, then the answer says so', async () => {
    const expected = await look((await anExpectedDocument({ partnerId: ours })).id, ours);
    expect(expected).toMatchObject({
      code: 'document.not_verified',
      message: expect.stringContaining('not been uploaded'),
    });
    const rejected = await look((await aRejectedDocument({ partnerId: ours })).id, ours);
    expect(rejected).toMatchObject({ code: 'document.not_verified', message: expect.stringContaining('not a PDF') });
  });

  test('when only an expected document has a content, then even its hash claims nothing', async () => {
    const document = await anExpectedDocument({ partnerId: ours });
    expect(await claiming({ document, claim: 'clm_1' })).toBe('not_found');
  });
});
