import { beforeAll, describe, expect, test } from 'vitest';
import { derivedId, fingerprint } from '#shared/core/ids.ts';
import { company, type Fact } from '#shared/facts/fact.ts';
import { type FactKindId, factKinds } from '#shared/facts/fact-kinds.ts';
import { readSegment } from '#shared/facts/fact-scan-store.ts';
import { factOf, itemOf, listFacts } from '#shared/facts/fact-store.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { useName } from '#shared/facts/use-name.ts';
import { testTable } from '#test/platform/dynamodb.ts';

beforeAll(() => testTable({ activity: true }));

const partnerOf = (name: string): string => derivedId('ptr', name);

const aFact = (fact: Partial<Fact> = {}): Fact => ({
  partnerId: partnerOf('acme'),
  kind: 'deal.approved',
  quarter: '2026-Q3',
  id: `${fingerprint('a deal')}.2`,
  value: 2_500_000,
  at: 1_785_000_000,
  ...fact,
});

const standing = (fact: Partial<Fact> = {}): Fact =>
  aFact({ kind: 'overlap.customers', quarter: '2024-Q2', id: '', value: 12, rank: 0, ...fact });

/** As AWS counts: names and texts in bytes, a number in half as many bytes as it has digits, and one more. */
const bytesOf = (fact: Fact): number =>
  Object.entries(itemOf(fact)).reduce((sum, [name, { S, N }]) => {
    const digits = Math.ceil((N ?? '').replace(/^-|0+$/g, '').length / 2) + (N?.startsWith('-') ? 2 : 1);
    return sum + Buffer.byteLength(name) + (S === undefined ? digits : Buffer.byteLength(S));
  }, 0);

describe('a fact as the table holds it', () => {
  test.each<readonly [string, Fact]>([
    ['of an event', aFact()],
    ['that is there, and no more', aFact({ kind: 'lead.sent', value: 1 })],
    ['that says no', standing({ kind: 'api.open', value: 0 })],
    ['below zero', aFact({ kind: 'earning.accrued', value: -120_000 })],
    ['that belongs to a customer', aFact({ kind: 'customer.revenue', about: 'acme.example' })],
    ['of the company', aFact({ partnerId: company, kind: 'direct.lost' })],
    ['that stands', standing({ rank: 7 })],
    ['whose id has the sign in it that parts it', aFact({ id: 'a/b/c' })],
  ])('comes back as it was put: one %s', (_, fact) => {
    expect(factOf(itemOf(fact))).toEqual(fact);
  });

  test('takes a hundred bytes at most, of whatever kind', () => {
    for (const kind of Object.keys(factKinds) as FactKindId[]) {
      const about = ['earning.accrued', 'mdf.requested'].includes(kind) ? { about: useName('incentive', 'x') } : {};
      const fact = aFact({ kind, id: `${fingerprint('x')}.12`, value: 123_456_789, at: 1_785_012_345, ...about });
      expect(bytesOf(fact), kind).toBeLessThanOrEqual(100);
    }
  });

  test('is nobody’s when its kind is not known', () => {
    expect(factOf({ ...itemOf(aFact()), sk: { S: '2026-Q3/??/1' } })).toBeUndefined();
  });

  test('is kept for nine quarters after the end of its own, and for ever when it stands', () => {
    const firstDay = Date.parse('2026-07-01T00:00:00Z') / 1000;
    const item = itemOf(aFact({ at: firstDay }));
    expect(Number(item.x?.N)).toBeGreaterThan(Date.parse('2028-12-31T23:59:59Z') / 1000);
    expect(itemOf(standing())).not.toHaveProperty('x');
    // Whenever the target of a quarter was agreed on.
    const agreed = itemOf(aFact({ kind: 'partner.target', quarter: '2028-Q4', at: firstDay }));
    expect(Number(agreed.x?.N)).toBeGreaterThan(Date.parse('2031-03-31T23:59:59Z') / 1000);
    expect(Number(agreed.t?.N)).toBe(firstDay);
  });

  test('has a code that no other kind has', () => {
    const codes = Object.values(factKinds).map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});

describe('the table of facts', () => {
  test('when a partner’s facts are asked for, then those of the quarters and what stood by then are told, and nobody else’s', async () => {
    const [own, other] = [partnerOf('own'), partnerOf('other')];
    const facts = ['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3'].map((quarter) => aFact({ partnerId: own, quarter }));
    await putFacts([
      ...facts,
      standing({ partnerId: own }),
      standing({ partnerId: own, quarter: '2026-Q3' }),
      aFact({ partnerId: other, quarter: '2026-Q1' }),
    ]);
    const found = await listFacts(own, { from: '2026-Q1', to: '2026-Q2' });
    expect(found).toEqual([facts[1], facts[2], standing({ partnerId: own })]);
  });

  test('when more facts come than one request holds, some of them twice, then each is there once', async () => {
    const partnerId = partnerOf('many');
    const facts = Array.from({ length: 60 }, (_, n) => aFact({ partnerId, id: `${n}` }));
    await putFacts([...facts, ...facts.slice(0, 30)]);
    await putFacts(facts);
    const found = await listFacts(partnerId, { from: '2026-Q3', to: '2026-Q3' });
    expect(found.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(facts.map((_, n) => n));
  });

  test.each<readonly [string, Partial<Fact>, Partial<Fact>]>([
    ['what was so later', { at: 100, value: 9 }, { at: 101, value: 3 }],
    ['of the same second what has the greater rank', { rank: 1, value: 9 }, { rank: 2, value: 3 }],
    ['of the same rank the greater value', { rank: 1, value: 3 }, { rank: 1, value: 9 }],
  ])('when facts that stand come in any order, then there stands %s', async (label, lesser, greater) => {
    const [one, two] = [partnerOf(`${label} 1`), partnerOf(`${label} 2`)];
    const three = partnerOf(`${label} 3`);
    for (const fact of [lesser, greater, lesser]) await putFacts([standing({ ...fact, partnerId: one })]);
    for (const fact of [greater, lesser, greater]) await putFacts([standing({ ...fact, partnerId: two })]);
    await putFacts([greater, lesser].map((fact) => standing({ ...fact, partnerId: three })));
    for (const partnerId of [one, two, three]) {
      expect(await listFacts(partnerId, { from: '2026-Q1', to: '2026-Q1' })).toEqual([
        standing({ ...greater, partnerId }),
      ]);
    }
  });

  test('when what is replaced comes in any order, then what the last event of its thing says stands, whatever its time', async () => {
    const score: Partial<Fact> = { kind: 'health.score', id: '' };
    const [before, last] = [
      { ...score, at: 101, value: 900, rank: 1 },
      { ...score, at: 100, value: 300, rank: 2 },
    ];
    for (const order of [
      [before, last],
      [last, before],
    ]) {
      const partnerId = partnerOf(`replaced ${order[0]?.rank}`);
      for (const fact of order) await putFacts([aFact({ ...fact, partnerId })]);
      await putFacts(order.map((fact) => aFact({ ...fact, partnerId })));
      expect(await listFacts(partnerId, { from: '2026-Q1', to: '2026-Q4' })).toEqual([aFact({ ...last, partnerId })]);
    }
  });

  test('when it is read in segments, page by page, then every fact is met once, and a partner’s are neighbours', async () => {
    const seen: string[] = [];
    for (const segment of [0, 1, 2]) {
      const partners: string[] = [];
      let after: Awaited<ReturnType<typeof readSegment>>['next'];
      do {
        const page = await readSegment({ segment, segments: 3, limit: 7 }, after);
        for (const item of page.items) {
          seen.push(`${item.pk?.S} ${item.sk?.S}`);
          if (partners.at(-1) !== item.pk?.S) partners.push(String(item.pk?.S));
        }
        after = page.next;
      } while (after);
      expect(new Set(partners).size).toBe(partners.length);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(60);
  });
});
