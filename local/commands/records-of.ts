import { applyEvent, StoredEvent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { dealFrom } from '#shared/deals/deal-store.ts';
import type { Records } from '#shared/earnings/backtest.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { earningFrom } from '#shared/earnings/earning-store.ts';
import { isEvent, type StoredItem } from '#shared/ledger/chains.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { partnerFrom } from '#shared/partners/partner-store.ts';
import type { Item } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { rulesFrom } from '#shared/program/program-store.ts';
import { ProgramVersion, versionAt } from '#shared/program/program-version.ts';

/** As workflows read it from the table: its events up to then, its personal values being those of today. */
const partnerAt = (partner: Partner, events: readonly StoredEvent[], at: string): Partner => {
  if (partner.updatedAt <= at) return partner;
  const then = Math.max(1, events.filter((event) => event.at <= at).length);
  const past = events.slice(0, then);
  return past.reduce<Partner | undefined>((state, event) => applyEvent(state, event, partner), undefined) ?? partner;
};

const plain = ({ pk: _pk, sk: _sk, kind: _kind, ...rest }: Item): unknown => rest;

/** What items of the table say about the past, in the order in which they come. */
const collect = async (items: AsyncIterable<StoredItem>) => {
  const found = {
    deals: [] as Deal[],
    partners: new Map<string, Partner>(),
    events: new Map<string, StoredEvent[]>(),
    booked: [] as Earning[],
    settled: [] as string[],
    versions: [] as ProgramVersion[],
    rules: new Map<string, Program>(),
    asOf: '',
  };
  const { deals, partners, events, booked, settled, versions, rules } = found;
  const until = (at: unknown): void => {
    if (typeof at === 'string' && at > found.asOf) found.asOf = at;
  };
  for await (const stored of items) {
    // Every item of the table has its key.
    const item = stored as Item;
    if (isEvent(item)) {
      until(item.at);
      if (item.pk.startsWith('ptr_'))
        events.set(item.pk, [...(events.get(item.pk) ?? []), StoredEvent.parse(plain(item))]);
    } else if (item.sk === 'deal') deals.push(...[dealFrom(item)].filter((deal) => deal !== undefined));
    else if (item.sk === 'partner') partners.set(item.pk, partnerFrom(item) as Partner);
    else if (item.sk.startsWith('earning#')) booked.push(earningFrom(item) as Earning);
    else if (item.pk === 'settlement') {
      settled.push(item.sk);
      until(item.begunAt);
    } else if (item.kind === 'program-version') versions.push(ProgramVersion.parse(plain(item)));
    // They were parsed when they were published, and never changed since.
    else if (item.kind === 'program-rules') rules.set(item.sk.split('#')[1] ?? '', rulesFrom(item));
  }
  return found;
};

/** Everything that earnings are made of, as the table holds it. Throws in words where there is no program. */
export const recordsOf = async (items: AsyncIterable<StoredItem>): Promise<Records> => {
  const { partners, events, versions, rules, ...found } = await collect(items);
  for (const each of events.values()) each.sort((a, b) => a.seq - b.seq);
  const version = versionAt(versions, found.asOf);
  const inForce = version && rules.get(String(version.version).padStart(5, '0'));
  if (!inForce) throw new Error('There is no program in force in these records, so nothing was earned by one.');
  return {
    ...found,
    inForce,
    nameOf: (partnerId) => partners.get(partnerId)?.company.name ?? partnerId,
    partnerAsOf: (partnerId, at) => {
      const partner = partners.get(partnerId);
      return partner && partnerAt(partner, events.get(partnerId) ?? [], at);
    },
  };
};
