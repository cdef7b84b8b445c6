import { notFound } from '#shared/core/errors.ts';
import { absent, any, is } from '#shared/platform/condition.ts';
import { stale } from '#shared/platform/history-store.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { Payee } from './payee.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the present payee of a partner, without secrets | table | pk = partner id, sk = `payee` |
 * | one version of it, with its sealed numbers | table | pk = partner id, sk = `payee#<version, 6 digits>` |
 * | when a user last changed payment details | table | pk = user id, sk = `payee-change` |
 */
export const payeeKey = (partnerId: string): Key => ({ pk: partnerId, sk: 'payee' });
export const payeeVersionKey = (partnerId: string, version: number): Key => ({
  pk: partnerId,
  sk: `payee#${String(version).padStart(6, '0')}`,
});
/** Whoever decides about money is held against this item: its `at` is an instant. */
export const payeeChangeKey = (userId: string): Key => ({ pk: userId, sk: 'payee-change' });

/** Parses a payee that was read together with other things; undefined when there is none. */
export const payeeFrom = (item: Item | undefined): Payee | undefined => (item ? Payee.parse(item.payee) : undefined);

/** Where a partner is paid at present, of every number the last four; undefined when it has not said yet. */
export const getPayee = async (partnerId: string): Promise<Payee | undefined> => {
  const [item] = await read([payeeKey(partnerId)]);
  return payeeFrom(item);
};

/** Where a partner was, or is, paid by one version. Throws `not_found`. */
export const getPayeeVersion = async (
  partnerId: string,
  version: number,
): Promise<{ readonly payee: Payee; readonly tell: readonly string[] }> => {
  const [item] = await read([payeeVersionKey(partnerId, version)]);
  if (!item) throw notFound();
  // The item is made below, with the addresses as a list.
  return { payee: Payee.parse(item.payee), tell: (item.tell ?? []) as readonly string[] };
};

/** Versions of payees without their numbers, 100 a request, in the order asked for. Throws `not_found`. */
export const readPayeeVersions = async (
  wanted: readonly { readonly partnerId: string; readonly version: number }[],
): Promise<readonly Payee[]> => {
  const items = await read(wanted.map(({ partnerId, version }) => payeeVersionKey(partnerId, version)));
  return items.map((item) => {
    if (!item) throw notFound();
    return Payee.parse(item.payee);
  });
};

/** A new version as it is kept. */
export interface PayeeChange {
  readonly partnerId: string;
  readonly payee: Payee;
  /** Its numbers, encrypted. */
  readonly sealed: string;
  /** The addresses that were known before, which are told. */
  readonly tell: readonly string[];
}

/** The writes of a change; they belong to the transaction that moves the partner on, whose version keeps changes apart. */
export const keepPayee = ({ partnerId, payee, sealed, tell }: PayeeChange): readonly Write[] => [
  {
    write: 'replace',
    item: { ...payeeKey(partnerId), kind: 'payee', version: payee.version, payee },
    when: payee.version === 1 ? absent('pk') : is('version', '=', payee.version - 1),
    refuse: () => stale(undefined),
  },
  {
    write: 'insert',
    item: { ...payeeVersionKey(partnerId, payee.version), kind: 'payee-version', payee, sealed, tell },
    refuse: () => stale(undefined),
  },
  {
    write: 'change',
    key: payeeChangeKey(payee.changedBy),
    change: { set: { kind: 'payee-change', at: payee.changedAt, partnerId } },
    when: any(absent('at'), is('at', '<=', payee.changedAt)),
    refuse: () => stale(undefined),
  },
];
