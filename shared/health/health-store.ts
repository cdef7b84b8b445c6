import { notFound } from '#shared/core/errors.ts';
import { type Intent, record, systemIntent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { absent, any, is } from '#shared/platform/condition.ts';
import { commitChange, insertNew, type NextState, replaceAsRead, stale } from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { type Finding, Health, HealthBand, healthIdOf, Revision, scoreHealth } from './health.ts';
import type { ScoringRun } from './scoring-run.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the health of a partner in a quarter, or in several | table | pk = id of both, sk = `health` |
 * | what a revision of it says | table | pk = id of both, sk = `revision#<number, 4 digits>` |
 * | health of a quarter, weakest first | byStatus | `health#<shard>`, `<quarter>#<band>#<points>#<id>` |
 */
const healthKey = (id: string): Key => ({ pk: id, sk: 'health' });
const revisionKey = (id: string, revision: number): Key => ({
  pk: id,
  sk: `revision#${String(revision).padStart(4, '0')}`,
});

/** Bands sort as they rank, and points within them. */
const bandRank = (band: HealthBand): string => `${HealthBand.options.indexOf(band)}-${band}`;

const toItem = (health: Health): Item => ({
  ...healthKey(health.id),
  kind: 'health',
  ...health,
  statusKey: `health#${shardOf(health.id)}`,
  statusSort: `${health.quarter}#${bandRank(health.band)}#${String(health.points).padStart(4, '0')}#${health.id}`,
  summary: { partnerId: health.partnerId },
});

const healthFrom = (item: Item | undefined): Health | undefined => item && Health.parse(item);

/** A partner's health in these quarters, in that order; undefined where it was not scored. */
export const findHealth = async (
  partnerId: string,
  quarters: readonly Quarter[],
): Promise<readonly (Health | undefined)[]> =>
  (await read(quarters.map((quarter) => healthKey(healthIdOf(partnerId, quarter))))).map(healthFrom);

/** Throws `not_found`. */
export const getRevision = async (id: string, revision: number): Promise<Revision> => {
  const [item] = await read([revisionKey(id, revision)]);
  if (!item) throw notFound();
  return Revision.parse(item);
};

/** All revisions up to one, oldest first. */
export const listRevisions = async (id: string, last: number): Promise<readonly Revision[]> => {
  const items = await read(Array.from({ length: last }, (_, index) => revisionKey(id, index + 1)));
  return items.flatMap((item) => (item ? [Revision.parse(item)] : []));
};

interface HealthPage {
  readonly found: readonly Health[];
  readonly after: string | undefined;
}

export const listHealth = async (
  { quarter, band }: { readonly quarter: Quarter; readonly band?: HealthBand | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<HealthPage> => {
  const prefix = `${quarter}#${band ? `${bandRank(band)}#` : ''}`;
  const { items, after } = await listByStatus({ noun: 'health', prefix, ...page });
  return { found: items.flatMap((item) => healthFrom(item) ?? []), after };
};

/** Why a quarter was computed again stands in the revision, and in the run. */
const nextHealth = (
  before: Health | undefined,
  after: Health,
  { intent, revision, fence }: { readonly intent: Intent; readonly revision: Revision; readonly fence: Write },
): NextState<Health> => {
  const happening = { type: `health.${after.status}`, intent, personalFields: [], partnerId: after.partnerId };
  const { entity, event } = record(before, after, happening);
  // Only the events of its own runs change it, and they are known by what they found: it needs no memory of requests.
  const { doneKeys: _doneKeys, ...kept } = entity;
  const text: Write = {
    write: 'replace',
    item: { ...revisionKey(after.id, after.revision), kind: 'health-revision', ...revision },
    when: before?.revision === after.revision ? any(absent('pk'), is('runId', '=', before.runId)) : absent('pk'),
    refuse: () => stale(before?.version),
  };
  const own = before ? replaceAsRead(before, toItem(kept)) : insertNew(toItem(kept));
  return { entity: kept, event, writes: [own, text, fence] };
};

/**
 * Keeps what a run found of a partner, unless it stands already; answers what stands then. Another worker of the same run may do so at
 * the same moment: the first one's stands. Throws `version.stale` when the fence is down.
 */
export const saveFinding = async (
  finding: Finding,
  { run, fence, now }: { readonly run: ScoringRun; readonly fence: Write; readonly now: string },
): Promise<Health> => {
  const { partnerId, digest, text } = finding;
  const [before] = await findHealth(partnerId, [run.quarter]);
  if (before?.digest === digest) return before;
  const after = scoreHealth(before, finding, { run, now });
  const intent = systemIntent('score', `${run.id} ${after.id}@${before?.version ?? 0}`, now);
  const { programVersion, reason } = run;
  const revision: Revision = {
    revision: after.revision,
    runId: run.id,
    programVersion,
    digest,
    scoredAt: now,
    ...(run.corrects && reason !== undefined ? { reason } : {}),
    text,
  };
  return (await commitChange(before, nextHealth(before, after, { intent, revision, fence }))).entity;
};
