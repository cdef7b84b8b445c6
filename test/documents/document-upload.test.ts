import { describe, expect, test } from 'vitest';
import { faultOf, reject, safeFileName, verify } from '#shared/documents/document-upload.ts';
import { aDocument, anAnnouncement, freshSha256, now } from './a-document.ts';

describe('the name of a file', () => {
  test.each<readonly [string, string, string]>([
    ['a plain name', 'invoice.pdf', 'invoice.pdf'],
    ['a path', '/etc/passwd/invoice.pdf', 'invoice.pdf'],
    ['a path of Windows', 'C:\\papers\\invoice.pdf', 'invoice.pdf'],
    ['a path that climbs', '../../invoice.pdf', 'invoice.pdf'],
    ['nothing but a path', '../..', 'document.pdf'],
    ['nothing but the ending', '.pdf', 'pdf.pdf'],
    ['a control character', 'in\u0000vo\u0007ice.pdf', 'invoice.pdf'],
    ['a line break', 'invoice\r\nX-Evil: 1.pdf', 'invoiceX-Evil_ 1.pdf'],
    ['text that is turned around', 'invoice\u202efdp.exe', 'invoicefdp.exe.pdf'],
    ['invisible characters', 'in\u200bvoice\ufeff.pdf', 'invoice.pdf'],
    ['half of a character', 'invoice\ud800.pdf', 'invoice.pdf'],
    ['another ending', 'invoice.exe', 'invoice.exe.pdf'],
    ['an ending in capitals', 'INVOICE.PDF', 'INVOICE.pdf'],
    ['no ending', 'invoice', 'invoice.pdf'],
    ['letters of other scripts', 'Rechnung März 請求書.pdf', 'Rechnung März 請求書.pdf'],
    ['characters that shells and systems read', 'a<b>:"|?*.pdf', 'a_b______.pdf'],
    ['blanks around it', '  invoice .pdf ', 'invoice .pdf'],
  ])('with %s', (_, given, safe) => {
    expect(safeFileName(given, 'application/pdf')).toBe(safe);
  });

  test('when it is very long, then it is cut between characters and keeps its ending', () => {
    const name = safeFileName(`${'💶'.repeat(127)}.jpeg`, 'image/jpeg');
    expect([...name]).toHaveLength(125);
    expect(name.isWellFormed() && name.endsWith('.jpeg')).toBe(true);
  });
});

describe('what was found in the bytes', () => {
  const announced = anAnnouncement();
  const { sizeBytes, sha256 } = announced;
  const type = 'application/pdf';

  test.each([
    ['is what was announced', { sizeBytes, sha256, type }, undefined],
    ['has another size', { sizeBytes: 12 }, 'It has 12 bytes; 1234 were announced.'],
    ['has another hash', { sizeBytes, sha256: freshSha256(), type }, 'Its bytes are not those that were announced'],
    [
      'is of another type',
      { sizeBytes, sha256, type: 'image/png' },
      'announced as application/pdf, but its bytes are image/png',
    ],
    ['is plain text', { sizeBytes, sha256, type: 'text/plain' }, 'its bytes are text/plain'],
    ['is of no known type', { sizeBytes, sha256, type: undefined }, 'its bytes are of no type that is known here'],
  ])('when it %s', (_, found, words) => {
    const fault = faultOf(announced, found);
    if (words === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(words);
  });

  test('when readable text was announced as CSV, then it is', () => {
    const csv = { ...announced, contentType: 'text/csv' as const };
    expect(faultOf(csv, { sizeBytes, sha256, type: 'text/plain' })).toBeUndefined();
    expect(faultOf(csv, { sizeBytes, sha256, type: 'application/pdf' })).toContain('text/csv');
  });
});

describe('what becomes of a document', () => {
  test('when it was looked at, then it stays what it was found to be', () => {
    const verified = verify(aDocument(), 'v1', now);
    const rejected = reject(aDocument(), 'It is no PDF.', now);
    expect(verified).toMatchObject({ status: 'verified', versionId: 'v1', checkedAt: now });
    expect(rejected).toMatchObject({ status: 'rejected', reason: 'It is no PDF.', checkedAt: now });
    for (const looked of [verified, rejected]) {
      expect(() => verify(looked, 'v2', now)).toThrow('cannot become verified');
      expect(() => reject(looked, 'Again.', now)).toThrow('cannot become rejected');
    }
  });
});
