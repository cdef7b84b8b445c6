import { readFile } from 'node:fs/promises';
import { hashOf } from '#shared/core/canonical.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { insertProgramVersion, listProgramVersions } from '#shared/program/program-store.ts';
import { publishVersion } from '#shared/program/publish-version.ts';

/**
 * Publishes a program file as version 1, in force from `now` (an instant), unless there is a version already. Throws with every
 * fault of the file, by line. PROGRAM_TABLE and the database's endpoint must be in the environment.
 */
export const publishFirstProgram = async (file: string, now: string): Promise<void> => {
  const versions = await listProgramVersions();
  if (versions.length > 0) return;
  const source = await readFile(file, 'utf8').catch(() => {
    throw new Error(`There is no program file ${file}: give one with --program.`);
  });
  const rules = parseProgram(source);
  const sourceHash = hashOf(source);
  const publication = {
    program: rules,
    sourceHash,
    effectiveFrom: now,
    latest: undefined,
    currency: undefined,
    replaced: undefined,
  };
  const intent = { writeId: `laptop-${sourceHash}`, bodyHash: sourceHash, by: 'system', at: now };
  const { entity, event } = publishVersion(publication, intent);
  await insertProgramVersion({ version: entity, event, source, rules });
};
