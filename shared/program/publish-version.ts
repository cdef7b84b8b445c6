import { DomainError } from '#shared/core/errors.ts';
import { type Intent, record, type StoredEvent } from '#shared/core/history.ts';
import { addDays, type Instant, instant, millis } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { changesBetweenPrograms, type ProgramChange } from '#shared/program/program-changes.ts';
import { type ProgramVersion, programId } from '#shared/program/program-version.ts';

/**
 * Functions look for new versions once a minute, so a version must be known for longer than that before it holds; else two
 * functions would decide by different rules at the same instant.
 */
const minutesAhead = 2;
/** For what takes anything away from partners (PRODUCT §3). */
export const noticeDays = 30;

/** The version that this same request published before. Throws `idempotency.key_reused` when it came with another file or date. */
export const earlierPublication = (versions: readonly ProgramVersion[], intent: Intent): ProgramVersion | undefined => {
  const done = versions.find((version) => version.writeId === intent.writeId);
  if (!done || done.bodyHash === intent.bodyHash) return done;
  throw new DomainError('rule', 'idempotency.key_reused', 'This Idempotency-Key was used before with another body.');
};

const mustGiveNotice = (effectiveFrom: Instant, now: Instant, changes: readonly ProgramChange[]): void => {
  const earliest = instant(millis(now) + minutesAhead * 60_000);
  if (effectiveFrom < earliest) {
    const message = `A new version of the program takes effect in the future, at ${earliest} or later; this one would at ${effectiveFrom}.`;
    throw new DomainError('rule', 'program.effective_too_soon', message, { facts: { earliest } });
  }
  const taken = changes.filter((change) => change.takesAway);
  const afterNotice = addDays(now, noticeDays);
  if (taken.length === 0 || effectiveFrom >= afterNotice) return;
  const list = taken.map((change) => change.text).join('; ');
  const message = `This version takes something away from partners, so it needs ${noticeDays} days' notice and can take effect at ${afterNotice} or later: ${list}.`;
  throw new DomainError('rule', 'program.notice_too_short', message, {
    facts: { earliest: afterNotice, changes: taken },
  });
};

/** Balances, budgets and payouts of one program add up: what is owed in one currency cannot go on in another. */
const mustKeepCurrency = (program: Program, currency: string | undefined): void => {
  if (currency === undefined || program.currency === currency) return;
  const code = 'program.currency_fixed';
  const detail = `currency must stay ${currency}, in which the versions before count; this one says ${program.currency}`;
  throw new DomainError('rule', code, 'A program keeps the currency of its first version.', {
    facts: { currency },
    errors: [{ pointer: '#/source', code, detail }],
  });
};

/** What is published, and after what. */
export interface Publication {
  readonly program: Program;
  readonly sourceHash: string;
  readonly effectiveFrom: Instant;
  /** The newest version there is, undefined before the first. */
  readonly latest: ProgramVersion | undefined;
  /** Of the versions there are, undefined before the first. */
  readonly currency: string | undefined;
  /** The rules in force when this version takes effect. */
  readonly replaced: Program | undefined;
}

/**
 * The next version. The first one may hold at once, or have held; every other takes effect in the future, and one that takes
 * anything away from partners 30 days from now at the earliest (PRODUCT §3). Throws `program.currency_fixed`,
 * `program.effective_too_soon`, `program.notice_too_short`, the last naming each such change.
 */
export const publishVersion = (
  { program, sourceHash, effectiveFrom, latest, currency, replaced }: Publication,
  intent: Intent,
): { readonly entity: ProgramVersion; readonly event: StoredEvent } => {
  mustKeepCurrency(program, currency);
  const changes = replaced ? changesBetweenPrograms(replaced, program) : [];
  if (latest) mustGiveNotice(effectiveFrom, intent.at, changes);
  const { writeId, bodyHash } = intent;
  const version: ProgramVersion = {
    id: programId,
    status: 'published',
    version: 0,
    head: '',
    createdAt: latest?.createdAt ?? intent.at,
    updatedAt: intent.at,
    effectiveFrom,
    changes,
    sourceHash,
    writeId,
    bodyHash,
  };
  return record(latest, version, { type: 'program.published', intent, personalFields: [] });
};
