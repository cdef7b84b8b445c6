import { DomainError } from '#shared/core/errors.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import { type Instant, millis } from '#shared/core/time.ts';
import { all, is } from '#shared/platform/condition.ts';
import { commit, type Outcome, stale } from '#shared/platform/history-store.ts';
import { type Item, type Key, query, read, type Write } from '#shared/platform/table.ts';
import type { Program } from './program.ts';
import { ProgramVersion, programId, versionAt } from './program-version.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the newest versions and their rules | table | pk = `program`, sk from `version#`, newest first |
 * | older versions and their rules | table | the same, below a version |
 * | rules of a version | table | pk = `program`, sk = `version#<version, 5 digits>#rules` |
 * | publish the next version | table | `version#`, its `#rules`, `source#` and its event, in one transaction |
 * | rules in force at an instant | memory, refreshed once a minute | – |
 */
const numbered = (what: 'version' | 'source', version: number): string => `${what}#${String(version).padStart(5, '0')}`;
const versionKey = (version: number) => ({ pk: programId, sk: numbered('version', version) });
const rulesKey = (version: number) => ({ pk: programId, sk: `${numbered('version', version)}#rules` });
const sourceKey = (version: number) => ({ pk: programId, sk: numbered('source', version) });

/** They are one text: a map of a thousand small values would be taken out of the answer one by one, by each function that starts. */
export const rulesFrom = ({ rules }: Item): Program => JSON.parse(String(rules)) as Program;

const rulesOf = new Map<number, Program>();

/** Each version is preceded by its rules: whoever starts has both in one question. */
const versionsBelow = async (version: number, limit: number): Promise<readonly ProgramVersion[]> => {
  const items = await query({
    key: all(is('pk', '=', programId), {
      test: 'between',
      name: 'sk',
      from: numbered('version', 0),
      to: `${numbered('version', version - 1)}#rules`,
    }),
    descending: true,
    limit: limit * 2,
  });
  // Parsed by their schema when they were published and never changed since; parsing them again would bring the schema into every function.
  for (const item of items) if (item.rules) rulesOf.set(Number(item.sk.split('#')[1]), rulesFrom(item));
  return items
    .filter(({ rules }) => !rules)
    .map(({ pk: _pk, sk: _sk, kind: _kind, ...told }) => ProgramVersion.parse(told));
};

/** The one in force, as a rule, and the one that is announced. */
const fewVersions = 2;
/** With their rules they fit into one answer of the table. */
const someVersions = 20;
const aboveAll = 100_000;

/** Every version there is, newest first. */
export const listProgramVersions = async (): Promise<readonly ProgramVersion[]> => {
  const versions: ProgramVersion[] = [];
  for (let lowest = aboveAll; lowest > 1; lowest = versions.at(-1)?.version ?? 0)
    versions.push(...(await versionsBelow(lowest, someVersions)));
  return versions;
};

/** The version published last, with which the history of the program ends; undefined before the first. */
export const newestProgramVersion = async (): Promise<ProgramVersion | undefined> =>
  (await versionsBelow(aboveAll, 1))[0];

/** The rules of one version, which never change. Throws when there is no such version: whoever asks has it from a record. */
export const getProgramRules = async (version: number): Promise<Program> => {
  const known = rulesOf.get(version);
  if (known) return known;
  const [item] = await read([rulesKey(version)]);
  if (!item) throw new Error(`There is no version ${version} of the program.`);
  const rules = rulesFrom(item);
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
  const insert = (key: Key, what: string, fields: Readonly<Record<string, unknown>>): Write => ({
    write: 'insert',
    item: { ...key, kind: `program-${what}`, ...fields },
    refuse: () => stale(version.version),
  });
  return commit(
    [event],
    [
      insert(versionKey(version.version), 'version', version),
      insert(rulesKey(version.version), 'rules', { rules: JSON.stringify(rules) }),
      insert(sourceKey(version.version), 'source', { source }),
    ],
  );
};

/** The rules in force, and which version they are: what is decided by them keeps that number. */
export interface ProgramInForce {
  readonly version: number;
  readonly effectiveFrom: Instant;
  readonly program: Program;
}

const refreshAfterMs = 60_000;
let seen: { readonly atMs: number; readonly versions: readonly ProgramVersion[] } | undefined;

/** What is not in force among the versions seen may be among older ones, which are looked up as far as needed, and remembered. */
const versionInForce = async (now: Instant): Promise<ProgramVersion | undefined> => {
  while (seen) {
    const found = versionAt(seen.versions, now);
    const lowest = seen.versions.at(-1)?.version ?? 1;
    if (found || lowest === 1) return found;
    seen = { ...seen, versions: [...seen.versions, ...(await versionsBelow(lowest, someVersions))] };
  }
  return undefined;
};

/** Nothing when no version has come into force by then. `now` is the system's time; versions are looked up once a minute of it. */
export const findProgramAt = async (now: Instant): Promise<ProgramInForce | undefined> => {
  const nowMs = millis(now);
  // Time also goes back: on a laptop that is started anew, and between machines.
  if (!seen || Math.abs(nowMs - seen.atMs) >= refreshAfterMs) {
    const versions = await versionsBelow(aboveAll, fewVersions);
    // The first version may hold at once, so its absence is not remembered.
    seen = versions.length > 0 ? { atMs: nowMs, versions } : undefined;
  }
  const version = await versionInForce(now);
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
