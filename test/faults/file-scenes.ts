import { createHash } from 'node:crypto';
import { keptKey, quarantineKey } from '#shared/documents/document-place.ts';
import { handler as verifyDocument } from '#workflows/documents/verify-document.ts';
import { handler as publishRoots } from '#workflows/ledger/publish-roots.ts';
import { drain } from './history.ts';
import { applicant, marks, repsOf } from './people-of-a-history.ts';
import type { Recording } from './recording.ts';
import type { Play, Scene } from './scripted-history.ts';
import { beginning } from './start-of-a-history.ts';
import { invoke } from './world.ts';

/** What workers do with files, one thing after the other; it begins where histories of deals begin. */
const hourMs = 3_600_000;
const announced = Buffer.from('number,amount\nR-1,1200\n');
/** As long, and something else. */
const forged = Buffer.from('number,amount\nR-1,9900\n');

const announce = async ({ ask }: Play): Promise<string> => {
  const sha256 = createHash('sha256').update(announced).digest('hex');
  const file = { purpose: 'invoice', fileName: 'invoice.csv', contentType: 'text/csv' };
  const body = { ...file, sizeBytes: announced.length, sha256 };
  const reply = await ask('create-document', repsOf(marks[0])[0] ?? applicant, { body });
  return String(reply?.body.documentId);
};

/** Lambda calls again whom nobody waits for, twice, when a try did not end well. */
const callUntilDone = async ({ opened }: Play, label: string, work: () => Promise<unknown>): Promise<void> => {
  const { world } = opened;
  world.scheduler.spawn(async () => {
    for (let tries = 1; tries <= 3; tries += 1) if ((await invoke(world, label, work)).how === 'returned') return;
  });
  await drain(world);
};

/** S3 tells of it in whole seconds. */
const upload = async (play: Play, documentId: string, bytes: Uint8Array): Promise<void> => {
  const { world, clock } = play.opened;
  const key = quarantineKey(documentId);
  const time = clock.at().replace(/\.\d+/, '');
  const detail = { object: { key, 'version-id': world.files.put(key, bytes) } };
  await callUntilDone(play, 'verify-document', () => verifyDocument({ time, detail }));
};

const rootOf = (days: number): string =>
  `roots/${new Date(beginning + days * 24 * hourMs).toISOString().slice(0, 'YYYY-MM-DD'.length)}.json`;

/** What each scene must bring about: events, and files that are kept. */
export const outcomesOfFiles: Readonly<Record<string, readonly string[]>> = {
  'a file comes in as it was announced': ['document.verified', 'kept/'],
  'a file comes in that is another than was announced': ['document.rejected'],
  'a file comes in and nobody is told': ['document.verified', 'kept/'],
  'the roots of a day are published': ['deal.approved', rootOf(0)],
};

/** Keys under which something lies, those that are named by chance as their folder. */
export const filesIn = ({ files }: Recording): readonly string[] =>
  [...files.keys()].map((key) => (key.startsWith(keptKey('')) ? keptKey('') : key));

/** What each scene is about, in words. */
export const scenesOfFiles: Readonly<Record<string, Scene>> = {
  'a file comes in as it was announced': async (play) => upload(play, await announce(play), announced),
  'a file comes in that is another than was announced': async (play) => upload(play, await announce(play), forged),
  'a file comes in and nobody is told': async (play) => {
    play.opened.world.files.put(quarantineKey(await announce(play)), announced);
    play.pass(2 * hourMs);
    await play.sweep();
  },
  'the roots of a day are published': async (play) => {
    await play.register('blue', 1_000_000);
    play.pass(24 * hourMs);
    const time = play.opened.clock.at();
    await callUntilDone(play, 'publish-roots', () => publishRoots({ schedule: 'check-roots', time }));
  },
};
