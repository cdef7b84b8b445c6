import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { ImportError } from '#local/import/import-error.ts';

/** The first line: which plan the journal follows. */
const Header = z.object({ plan: z.string(), source: z.string(), url: z.string() });

/** What became of one registration or one close. `deal` is set when there is one. */
const JournalEntry = z.object({
  step: z.string(),
  at: z.string(),
  outcome: z.enum(['approved', 'submitted', 'won', 'lost', 'refused']),
  reason: z.string().optional(),
  deal: z.string().optional(),
  protectedUntil: z.string().optional(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

export const registrationStep = (rowId: string): string => `register ${rowId}`;
export const closeStep = (rowId: string): string => `close ${rowId}`;

/**
 * The importer's memory: one line for each step that is done, so that an import that was killed goes on where it was. A step is
 * done first and written down after, so the last few may be done again: their idempotency keys make that harmless.
 */
export interface Journal {
  readonly find: (step: string) => JournalEntry | undefined;
  readonly entries: () => readonly JournalEntry[];
  readonly add: (entry: JournalEntry) => void;
  /** Everything added so far is on the disk when this returns. */
  readonly flush: () => void;
  readonly close: () => void;
}

/** Lines of the file, without the torn last line that a kill in the middle of a write leaves behind; that one is cut off. */
function readLines(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
  return whole.split('\n').filter((line) => line !== '');
}

function parseLine<T>(file: string, line: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(line));
  } catch {
    throw new ImportError(
      `${file} is not a journal of an import.`,
      'Give another file with --journal, or delete this one.',
    );
  }
}

function readJournal(file: string, header: z.infer<typeof Header>): readonly JournalEntry[] {
  const [first, ...rest] = existsSync(file) ? readLines(file) : [];
  if (first === undefined) return [];
  const was = parseLine(file, first, Header);
  if (was.plan !== header.plan || was.url !== header.url) {
    throw new ImportError(
      `${file} is the journal of another import (${was.source} into ${was.url}, or other data).`,
      'Give another file with --journal, or delete this one when that import is not needed any more.',
    );
  }
  return rest.map((line) => parseLine(file, line, JournalEntry));
}

/** Opens or begins a journal. Throws ImportError when the file belongs to another plan or another system. */
export function openJournal(file: string, header: z.infer<typeof Header>): Journal {
  mkdirSync(dirname(file), { recursive: true });
  const done = new Map(readJournal(file, header).map((entry) => [entry.step, entry]));
  const isNew = !existsSync(file) || readFileSync(file, 'utf8') === '';
  const descriptor = openSync(file, 'a');
  let waiting = isNew ? `${JSON.stringify(header)}\n` : '';
  const flush = (): void => {
    if (waiting === '') return;
    writeSync(descriptor, waiting);
    fsyncSync(descriptor);
    waiting = '';
  };
  return {
    find: (step) => done.get(step),
    entries: () => [...done.values()],
    add: (entry) => {
      done.set(entry.step, entry);
      waiting += `${JSON.stringify(entry)}\n`;
    },
    flush,
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
}

/** Puts a journal out of the way without losing it; returns where it is now. */
export function setAside(file: string): string {
  let number = 1;
  while (existsSync(`${file}.${number}`)) number += 1;
  renameSync(file, `${file}.${number}`);
  return `${file}.${number}`;
}
