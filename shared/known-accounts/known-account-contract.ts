import * as z from 'zod';
import { contract } from '#shared/core/contract.ts';
import { AccountReport, KnownAccount } from './known-account.ts';

const { head: _head, doneKeys: _doneKeys, ...shown } = KnownAccount.shape;

/** A known account as staff sees it. */
export const KnownAccountView = z.object(shown).meta({ id: 'KnownAccount' });
export type KnownAccountView = z.infer<typeof KnownAccountView>;

export const viewKnownAccount = (account: KnownAccount): KnownAccountView => {
  const { head: _h, doneKeys: _k, ...view } = account;
  return view;
};

export const recordKnownAccount = contract({
  operation: 'record-known-account',
  summary: 'Record that direct sales knows an account; says which approved registrations it conflicts with',
  body: AccountReport,
  answers: { 201: KnownAccountView, 200: KnownAccountView },
  errors: ['version.stale'],
});
