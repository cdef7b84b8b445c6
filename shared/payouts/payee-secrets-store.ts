import { notFound } from '#shared/core/errors.ts';
import { seal, unseal } from '#shared/platform/sealing.ts';
import { read } from '#shared/platform/table.ts';
import { Payee, PayeeSecrets } from './payee.ts';
import { payeeVersionKey } from './payee-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | versions of payees with their numbers opened, 100 a request | table | pk = partner id, sk = `payee#<version, 6 digits>` |
 */
const belongsTo = (partnerId: string, version: number) => ['payee', partnerId, version] as const;

/** Encrypts the numbers of one version of a partner's payee. */
export const sealPayee = (partnerId: string, version: number, secrets: PayeeSecrets): string =>
  seal(secrets, belongsTo(partnerId, version));

export interface RevealedPayee {
  readonly partnerId: string;
  readonly payee: Payee;
  readonly secrets: PayeeSecrets;
}

/** Whom money goes to, in full, in the order asked for. Only what makes files for a bank may ask. Throws `not_found`. */
export const revealPayees = async (
  wanted: readonly { readonly partnerId: string; readonly version: number }[],
): Promise<readonly RevealedPayee[]> => {
  const items = await read(wanted.map(({ partnerId, version }) => payeeVersionKey(partnerId, version)));
  return wanted.map(({ partnerId, version }, index) => {
    const item = items[index];
    if (!item) throw notFound();
    const secrets = PayeeSecrets.parse(unseal(String(item.sealed), belongsTo(partnerId, version)));
    return { partnerId, payee: Payee.parse(item.payee), secrets };
  });
};
