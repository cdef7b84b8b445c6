import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { reachOf } from '#shared/core/access.ts';
import { type Caller, partnerOf } from '#shared/core/caller.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import type { Health, HealthBand } from '#shared/health/health.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { findHealth, listHealth as listAll } from '#shared/health/health-store.ts';
import { summarize } from '#shared/health/health-view.ts';
import { findReviews } from '#shared/health/scoring-run-store.ts';
import { asShown } from '#shared/health/shown-store.ts';

interface Wanted {
  readonly quarter: Quarter;
  readonly band?: HealthBand | undefined;
}

/** A partner's own, once it is published. */
const own = async (caller: Caller, { quarter, band }: Wanted, isPublished: boolean): Promise<readonly Health[]> => {
  const partnerId = partnerOf(caller);
  const [found] = partnerId && isPublished ? await findHealth(partnerId, [quarter]) : [];
  const health = found && (await asShown(found, false));
  return health && (band === undefined || health.band === band) ? [health] : [];
};

/** GET /v1/health */
export const listHealth = operation(contracts.listHealth, async ({ caller, query }) => {
  const { nextCursor, ...page } = pageAsked('list-health', caller, query);
  const [review] = await findReviews([query.quarter]);
  const isPublished = review !== undefined;
  const { found, after } =
    reachOf('list-health', caller) === 'own'
      ? { found: await own(caller, query, isPublished), after: undefined }
      : await listAll(query, page);
  const data = found.map((health) => summarize(health, isPublished));
  return { status: 200, body: { data, nextCursor: nextCursor(after) } };
});
