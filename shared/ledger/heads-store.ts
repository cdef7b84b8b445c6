import { lastScoredAt } from '#shared/health/scoring-run-store.ts';
import { pagesOf } from '#shared/platform/chains.ts';
import { newestProgramVersion } from '#shared/program/program-store.ts';
import { type Head, type StoredItem, thingIn } from './chains.ts';
import { itemsOf, startingWith } from './ledger-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | everything that lists know | byStatus | `<noun>#<shard 0–7>` |
 * | a partner's earnings and statements | table | pk = partner id, sk from `earning#`, `statement#` |
 */
const nouns = [
  'partners',
  'users',
  'api-keys',
  'deals',
  'approvals',
  'known-accounts',
  'mdf-budgets',
  'mdf-requests',
  'mdf-claims',
  'documents',
  'payout-runs',
  'scoring-runs',
  'assessments',
  'scorecard-reviews',
  'quarter-reviews',
  'program-costs',
  'success-plans',
];

const changedSince = (since: string, items: readonly StoredItem[]): readonly Head[] =>
  items.flatMap((item) => {
    const thing = thingIn(item);
    if (!thing || String(thing.fields.updatedAt) < since) return [];
    return [{ subject: thing.subject, seq: thing.seq, hash: thing.hash }];
  });

/** Of scores, which are more than everything else together, those of quarters that were scored since. */
const listsSince = async (since: string): Promise<readonly { readonly noun: string; readonly prefix?: string }[]> => {
  const scored = [...(await lastScoredAt())].filter(([, at]) => at >= since);
  return [
    ...nouns.map((noun) => ({ noun })),
    ...scored.map(([quarter]) => ({ noun: 'health', prefix: `${quarter}#` })),
  ];
};

/** Where the histories of all things end that changed since an instant. */
export const listHeads = async (since: string): Promise<readonly Head[]> => {
  const heads: Head[] = [];
  // All versions of the program are one thing, which its newest version ends.
  const program = await newestProgramVersion();
  heads.push(...changedSince(since, program ? [program] : []));
  for (const { noun, prefix } of await listsSince(since)) {
    for await (const page of pagesOf(noun, prefix)) {
      heads.push(...changedSince(since, page));
      if (noun !== 'partners') continue;
      for (const { pk } of page)
        for (const kind of ['earning#', 'statement#'])
          for await (const thing of itemsOf(pk, startingWith(kind), Number.POSITIVE_INFINITY))
            heads.push(...changedSince(since, [thing]));
    }
  }
  return heads;
};
