import type { Earning } from '#shared/earnings/earning.ts';
import { type EarningPage, earningKey, listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { listPartners } from '#shared/partners/partner-store.ts';

const partnersAtOnce = 16;
const rounds = 10;

/** Where a page of all earnings ended: after which partners, and within which one. */
interface Position {
  readonly group: string;
  readonly partnerId: string;
  readonly earning: string;
}

// None of these has a line break in it.
const written = ({ group, partnerId, earning }: Position): string => [group, partnerId, earning].join('\n');
const parsed = (after: string): Position => {
  const [group = '', partnerId = '', earning = ''] = after.split('\n');
  return { group, partnerId, earning };
};

interface List {
  readonly keep: (earning: Earning) => boolean | Promise<boolean>;
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Earnings of all partners, partner by partner, since an earning is in no index. A page looks at 160 partners at most, so it may be
 * shorter than asked for although more follow.
 */
export const listEarningsOfAll = async ({ keep, after, limit }: List): Promise<EarningPage> => {
  const from = after === undefined ? undefined : parsed(after);
  const earnings: Earning[] = [];
  let group = from?.group || undefined;
  for (let round = 0; round < rounds; round += 1) {
    const page = await listPartners({ filter: {}, after: group, limit: partnersAtOnce });
    const ids = page.partners.map(({ id }) => id);
    const resumed = round === 0 ? ids.indexOf(from?.partnerId ?? '') : -1;
    const left = resumed < 0 ? ids : ids.slice(resumed);
    const pages = await Promise.all(
      left.map((partnerId, index) => {
        const start = resumed >= 0 && index === 0 ? from?.earning || undefined : undefined;
        return listEarningsOfPartner({ partnerId, keep, after: start, limit });
      }),
    );
    for (const [index, { earnings: some, after: more }] of pages.entries()) {
      const taken = some.slice(0, limit - earnings.length);
      earnings.push(...taken);
      const last = taken.at(-1);
      const partnerId = left[index] ?? '';
      const isCut = taken.length < some.length || more !== undefined;
      if (earnings.length === limit && last && isCut)
        return { earnings, after: written({ group: group ?? '', partnerId, earning: earningKey(last).sk }) };
      const next = left[index + 1];
      if (earnings.length === limit && next !== undefined)
        return { earnings, after: written({ group: group ?? '', partnerId: next, earning: '' }) };
    }
    if (page.after === undefined) return { earnings, after: undefined };
    group = page.after;
    if (earnings.length === limit) break;
  }
  return { earnings, after: written({ group: group ?? '', partnerId: '', earning: '' }) };
};
