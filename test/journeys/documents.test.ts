import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPdf, filledIn, sha256Of } from '#test/documents/files.ts';
import { type HttpReply, keptFolder, type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import { anActivePartner } from './a-partner.ts';

const start = '2026-07-01T11:00:00Z';

interface Upload {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const announce = (laptop: RunningLaptop, partnerId: string, bytes: Bytes): Promise<HttpReply> =>
  laptop.call('POST /v1/documents', {
    by: { role: 'partner_member', partnerId },
    body: {
      purpose: 'invoice',
      fileName: 'C:\\papers\\Hall rent, März.pdf',
      contentType: 'application/pdf',
      sizeBytes: bytes.length,
      sha256: sha256Of(bytes),
    },
  });

const upload = (announced: HttpReply, bytes: Bytes): Promise<Response> => {
  const { url, fields } = announced.body.upload as Upload;
  return fetch(url, { method: 'POST', body: filledIn(fields, bytes) });
};

/** Announces, sends and waits until it was looked at. */
const send = async (laptop: RunningLaptop, partnerId: string, bytes: Bytes) => {
  const announced = await announce(laptop, partnerId, bytes);
  const sent = await upload(announced, bytes);
  await laptop.advance('PT1S');
  return { announced, sent, read: (by: string) => readAs(laptop, announced, by) };
};

const readAs = (laptop: RunningLaptop, announced: HttpReply, partnerId: string): Promise<HttpReply> =>
  laptop.call(`GET /v1/documents/${announced.body.documentId}`, { by: { role: 'partner_member', partnerId } });

const linkOf = ({ body }: HttpReply): string => (body.download as { url: string }).url;

describe('a document', () => {
  let laptop: RunningLaptop;
  let kept: Awaited<ReturnType<typeof keptFolder>>;
  let ours: string;
  let theirs: string;
  beforeAll(async () => {
    kept = await keptFolder();
    laptop = await startLaptop(start, ['--state', kept.folder]);
    ours = await anActivePartner(laptop, 'ours');
    theirs = await anActivePartner(laptop, 'theirs');
  }, 180_000);
  afterAll(async () => {
    await laptop?.stop();
    await kept?.remove();
  });

  test('when a PDF is announced and uploaded, then it is verified and can be fetched, as it came, as an attachment', async () => {
    const bytes = aPdf('Hall rent');
    const { sent, read } = await send(laptop, ours, bytes);
    expect(sent.status).toBe(204);
    const document = await read(ours);
    expect(document.body).toMatchObject({
      status: 'verified',
      fileName: 'Hall rent, März.pdf',
      sha256: sha256Of(bytes),
    });
    const fetched = await fetch(linkOf(document));
    expect([fetched.status, fetched.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(fetched.headers.get('content-disposition')).toBe(
      `attachment; filename="Hall rent, M_rz.pdf"; filename*=UTF-8''Hall%20rent%2C%20M%C3%A4rz.pdf`,
    );
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(bytes);
  });

  test('when it is of another partner, then it is not there', async () => {
    const { read } = await send(laptop, ours, aPdf('Ours'));
    expect(await read(theirs)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('when the bytes are no PDF, then it is rejected in words and cannot be fetched', async () => {
    const { sent, read } = await send(laptop, ours, new TextEncoder().encode('MZ this is no PDF'));
    expect(sent.status).toBe(204);
    const document = await read(ours);
    expect(document.body).toMatchObject({ status: 'rejected', reason: expect.stringContaining('application/pdf') });
    expect(document.body.download).toBeUndefined();
  });

  test('when other bytes are sent than were announced, then they are not taken, and it stays expected', async () => {
    const announced = await announce(laptop, ours, aPdf('Right'));
    const refused = await upload(announced, aPdf('Wrong'));
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('BadDigest')]);
    await laptop.advance('PT1S');
    expect((await readAs(laptop, announced, ours)).body).toMatchObject({ status: 'expected' });
  });

  test('when the form is sent a second time, then the first version stays what was verified', async () => {
    const bytes = aPdf('Sent twice');
    const { announced, read } = await send(laptop, ours, bytes);
    const before = await read(ours);
    expect((await upload(announced, bytes)).status).toBe(204);
    await laptop.advance('PT1S');
    const after = await read(ours);
    expect(after.body).toMatchObject({ version: before.body.version, versionId: before.body.versionId });
  });

  test('when a link is changed, then it opens nothing', async () => {
    const { read } = await send(laptop, ours, aPdf('Linked'));
    const link = linkOf(await read(ours));
    const other = linkOf(await (await send(laptop, ours, aPdf('Linked too'))).read(ours));
    const keyOf = (url: string): string => new URL(url).pathname;
    for (const changed of [
      link.replace(keyOf(link), keyOf(other)),
      link.replace('attachment', 'inline'),
      link.replace(/versionId=[^&]+&/, ''),
    ]) {
      expect((await fetch(changed)).status).toBe(403);
    }
  });

  test('when the laptop is crashed and started again, then documents are still there, and uploads that nobody looked at are looked at', async () => {
    const bytes = aPdf('Kept');
    const { announced } = await send(laptop, ours, bytes);
    const late = await announce(laptop, ours, aPdf('Late'));
    await upload(late, aPdf('Late'));
    await laptop.crash();
    laptop = await startLaptop(start, ['--state', kept.folder]);
    await laptop.advance('PT1S');
    const document = await readAs(laptop, announced, ours);
    expect(document.body).toMatchObject({ status: 'verified' });
    expect(sha256Of(new Uint8Array(await (await fetch(linkOf(document))).arrayBuffer()))).toBe(sha256Of(bytes));
    expect((await readAs(laptop, late, ours)).body).toMatchObject({ status: 'verified' });
  }, 180_000);
});
