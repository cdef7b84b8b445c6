import { describe, expect, test } from 'vitest';
import type { StoredItem } from '#shared/ledger/chains.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { openKeptFacts } from '#shared/ledger/kept-facts.ts';
import { openReconciliation, type Verdict } from '#shared/ledger/reconciliation.ts';
import { prngOf } from '#test/faults/prng.ts';
import { aConsistentLedger } from './a-consistent-ledger.ts';
import { corruptions } from './corruptions.ts';

const judge = (items: Iterable<StoredItem>, unsettledFrom?: string): Verdict => {
  const reconciliation = openReconciliation();
  for (const item of items) reconciliation.take(item);
  return reconciliation.judge(unsettledFrom);
};

const told = ({ faults }: Verdict): readonly string[] => faults.map(tellFault);

describe('when claims are held against earnings', () => {
  const claim = (amountMinor: number) => ({
    pk: 'clm_1',
    sk: 'claim',
    approvedAmount: { amountMinor, currency: 'USD' },
  });
  const earning = (id: string, kind = 'mdf-reimbursement') => ({
    pk: 'ptr_1',
    sk: `earning#${id}`,
    id,
    kind,
    claimId: 'clm_1',
    amount: { amountMinor: 500, currency: 'USD' },
  });
  test.each<readonly [string, readonly StoredItem[], readonly string[]]>([
    ['one earning of the approved amount', [claim(500), earning('ern_1')], []],
    ['an earning that takes it back later', [claim(500), earning('ern_1'), earning('ern_2', 'clawback')], []],
    ['no earning', [claim(500)], ['I4: clm_1: 0 earnings reimburse 0 of it; right would be 500']],
    [
      'two earnings',
      [claim(500), earning('ern_1'), earning('ern_2')],
      ['I4: clm_1: 2 earnings reimburse 1000 of it; right would be 500'],
    ],
    ['an earning and no claim', [earning('ern_1')], ['I4: clm_1: 1 earnings reimburse 500 of it; right would be 0']],
  ])('and there is %s, then it is judged', (_, items, words) => {
    const facts = openKeptFacts();
    for (const item of items) facts.take(item);
    expect(facts.faults().map(tellFault)).toEqual(words);
  });
});

describe('when a thousand ledgers are reconciled that are well', () => {
  test('then there is no false alarm', () => {
    let journals = 0;
    for (let seed = 1; seed <= 1000; seed += 1) {
      const verdict = judge(aConsistentLedger(prngOf(seed)).items.values());
      expect([seed, told(verdict)]).toEqual([seed, []]);
      journals += verdict.journals;
    }
    expect(journals).toBeGreaterThan(10_000);
  });
});

describe('when a hundred ledgers are spoiled', () => {
  test.each(Object.entries(corruptions))('then each %s is found, and what is wrong is named', (_, spoil) => {
    let planted = 0;
    for (let seed = 1; planted < 100 && seed < 1000; seed += 1) {
      const chance = prngOf(seed);
      const table = aConsistentLedger(chance);
      const place = spoil(table, chance);
      if (place === undefined) continue;
      planted += 1;
      const words = told(judge(table.items.values())).join('\n');
      const [pk = ''] = place.split(' ');
      expect(words === '' ? `seed ${seed}: ${place} was not found` : '').toBe('');
      // A journal that was lost is named by its subject or by its place; what is kept on a partner by its earning.
      const names = [pk, ...(/ern_\d+/.exec(place) ?? [])];
      expect(names.some((name) => words.includes(name)) ? '' : `seed ${seed}: ${place} is not in ${words}`).toBe('');
    }
    expect(planted).toBe(100);
  });
});
