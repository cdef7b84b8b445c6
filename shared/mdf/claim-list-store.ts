import { type ItemPage, listByStatus } from '#shared/platform/lists.ts';
import { read } from '#shared/platform/table.ts';
import type { Claim, ClaimStatus } from './claim.ts';
import { claimFrom, claimKey } from './claim-store.ts';
import { listRequests } from './request-list-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | list claims by status, newest first | byStatus | `mdf-claims#<shard>`, `<status>#<createdAt>#<claim id>` |
 * | list a partner's claims, newest first | table | its fund requests, each of which names its claims |
 */
export interface ClaimPage {
  readonly claims: readonly Claim[];
  readonly after: string | undefined;
}

export interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

const toClaims = (items: ItemPage['items']): readonly Claim[] => items.flatMap((item) => claimFrom(item) ?? []);

/** Claims by id; what is not there is left out. */
export const readClaims = async (claimIds: readonly string[]): Promise<readonly Claim[]> => {
  const items = await read(claimIds.map(claimKey));
  return toClaims(items.filter((item) => item !== undefined));
};

/** Claims of all partners, of one status or of all, newest first within a status; `waiting` keeps those that wait for a decision. */
export const listClaims = async (
  filter: { readonly status: ClaimStatus | undefined; readonly waiting?: true },
  page: Page,
): Promise<ClaimPage> => {
  const { items, after } = await listByStatus({
    noun: 'mdf-claims',
    prefix: filter.status ? `${filter.status}#` : '',
    keep: (summary) => !filter.waiting || summary.awaits !== undefined,
    descending: true,
    ...page,
  });
  return { claims: toClaims(items), after };
};

const requestsPerQuery = 100;

/** When each of a partner's claims was made and its id, as one text, newest first. */
const listPlaces = async (partnerId: string): Promise<readonly string[]> => {
  const places: string[] = [];
  let after: string | undefined;
  do {
    const page = await listRequests({ partnerId }, { after, limit: requestsPerQuery });
    for (const { claims } of page.requests) {
      places.push(...Object.entries(claims).map(([id, createdAt]) => `${createdAt}#${id}`));
    }
    after = page.after;
  } while (after !== undefined);
  return places.sort().reverse();
};

const idIn = (place: string): string => place.slice(place.indexOf('#') + 1);

/** A partner's own claims, newest first. A partner has few requests and each few claims, so all of them are looked through. */
export const listClaimsOfPartner = async (
  partnerId: string,
  keep: (claim: Claim) => boolean,
  page: Page,
): Promise<ClaimPage> => {
  const places = (await listPlaces(partnerId)).filter((place) => page.after === undefined || place < page.after);
  const claims = (await readClaims(places.map(idIn))).filter(keep);
  const chosen = claims.slice(0, page.limit);
  const last = chosen.at(-1);
  return { claims: chosen, after: claims.length > page.limit && last ? `${last.createdAt}#${last.id}` : undefined };
};

/** Claims of a partner that were submitted since an instant, other than one. */
export const listClaimsSince = async (claim: Claim, since: string): Promise<readonly Claim[]> => {
  const isRecent = (other: Claim): boolean => other.id !== claim.id && other.submittedAt >= since;
  const { claims } = await listClaimsOfPartner(claim.partnerId, isRecent, { after: undefined, limit: 1000 });
  return claims;
};
