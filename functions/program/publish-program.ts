import { type Answer, operation } from '#functions/http/door.ts';
import { hashOf } from '#shared/core/canonical.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import * as contracts from '#shared/program/program-contract.ts';
import { viewPublication } from '#shared/program/program-contract.ts';
import { getProgramRules, insertProgramVersion, listProgramVersions } from '#shared/program/program-store.ts';
import { versionAt } from '#shared/program/program-version.ts';
import { earlierPublication, publishVersion } from '#shared/program/publish-version.ts';

/** POST /v1/program/versions. A repeat is known by the request that is kept with each version. */
export const publishProgram = operation(contracts.publishProgram, async ({ body, intent }): Promise<Answer> => {
  const { source, effectiveFrom } = body;
  const versions = await listProgramVersions();
  const done = earlierPublication(versions, intent);
  if (done) return { status: 201, body: viewPublication(done), version: done.version, replayed: true };
  const rules = parseProgram(source);
  const before = versionAt(versions, effectiveFrom);
  const replaced = before && (await getProgramRules(before.version));
  const [latest] = versions;
  const currency = latest && (await getProgramRules(latest.version)).currency;
  const publication = { program: rules, sourceHash: hashOf(source), effectiveFrom, latest, currency, replaced };
  const { entity, event } = publishVersion(publication, intent);
  const { replayed } = await insertProgramVersion({ version: entity, event, source, rules });
  return { status: 201, body: viewPublication(entity), version: entity.version, replayed };
});
