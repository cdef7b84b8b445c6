import { DomainError } from '#shared/core/errors.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import { type Instant, millis } from '#shared/core/time.ts';
import { all, begins, is } from '#shared/platform/condition.ts';
import { commit, type Outcome, stale } from '#shared/platform/history-store.ts';
import { query, read, type Write } from '#shared/platform/table.ts';
import type { Program } from './program.ts';
import { ProgramVersion, programId, versionAt } from './program-version.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | versions, newest first | table | pk = `program`, sk from `version#` |
 * | rules of a version | table | pk = `program`, sk = `rules#<version, 5 digits>` |
 * | publish the next version | table | `version#`, `rules#`, `source#` and its event, in one transaction |
 * | rules in force at an instant | memory, refreshed once a minute | – |
 */
const key = (what: 'version' | 'rules' | 'source', version: number) => ({
  pk: programId,
  sk: `${what}#${String(version).padStart(5, '0')}`,
});

/** Far more versions than anybody publishes; older ones are no longer in force. */
const mostVersions = 100;

/** Newest first. */
export const listProgramVersions = async (): Promise<readonly ProgramVersion[]> => {
  const items = await query({
    key: all(is('pk', '=', programId), begins('sk', 'version#')),
    descending: true,
    limit: mostVersions,
  });
  return items.map(({ pk: _pk, sk: _sk, kind: _kind, ...version }) => ProgramVersion.parse(version));
};

const rulesOf = new Map<number, Program>();

/** The rules of one version, which never change. Throws when there is no such version: whoever asks has it from a record. */
export const getProgramRules = async (version: number): Promise<Program> => {
  const known = rulesOf.get(version);
  if (known) return known;
  const [item] = await read([key('rules', version)]);
  if (!item) throw new Error(`There is no version ${version} of the program.`);
  // Parsed by its schema when it was published and never changed since; parsing it again would bring the schema into every function.
  const rules = item.rules as Program;
  rulesOf.set(version, rules);
  return rules;
};

/** A version with its event, its file and the rules that are in it. */
export interface NewVersion {
  readonly version: ProgramVersion;
  readonly event: StoredEvent;
  readonly source: string;
  readonly rules: Program;
}

/** Throws `version.stale` when somebody else published in the meantime. */
export const insertProgramVersion = async ({ version, event, source, rules }: NewVersion): Promise<Outcome> => {
  const insert = (what: 'version' | 'rules' | 'source', fields: Readonly<Record<string, unknown>>): Write => ({
    write: 'insert',
    item: { ...key(what, version.version), kind: `program-${what}`, ...fields },
    refuse: () => stale(version.version),
  });
  return commit([event], [insert('version', version), insert('rules', { rules }), insert('source', { source })]);
};

/** The rules in force, and which version they are: what is decided by them keeps that number. */
export interface ProgramInForce {
  readonly version: number;
  readonly effectiveFrom: Instant;
  readonly program: Program;
}

const refreshAfterMs = 60_000;
let seen: { readonly atMs: number; readonly versions: readonly ProgramVersion[] } | undefined;

/** Nothing when no version has come into force by then. `now` is the system's time; versions are looked up once a minute of it. */
export const findProgramAt = async (now: Instant): Promise<ProgramInForce | undefined> => {
  const nowMs = millis(now);
  // Time also goes back: on a laptop that is started anew, and between machines.
  if (!seen || Math.abs(nowMs - seen.atMs) >= refreshAfterMs) {
    const versions = await listProgramVersions();
    // The first version may hold at once, so its absence is not remembered.
    seen = versions.length > 0 ? { atMs: nowMs, versions } : undefined;
  }
  const version = versionAt(seen?.versions ?? [], now);
  if (!version) return undefined;
  const program = await getProgramRules(version.version);
  return { version: version.version, effectiveFrom: version.effectiveFrom, program };
};

/** Throws `program.not_published` before the first version is in force. */
export const programAt = async (now: Instant): Promise<ProgramInForce> => {
  const found = await findProgramAt(now);
  if (found) return found;
  throw new DomainError(
    'conflict',
    'program.not_published',
    'There is no program yet: an administrator has to publish one.',
  );
};
