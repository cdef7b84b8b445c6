import type { Money } from '#shared/core/money.ts';
import type { Instant } from '#shared/core/time.ts';
import type { PayoutProvider } from '#shared/program/named-kinds.ts';
import type { Payee } from './payee.ts';

/** What a provider is told to pay. */
export interface Order {
  /** The payout's id, fixed before the first try: sending it twice must pay once. */
  readonly reference: string;
  readonly partnerId: string;
  readonly amount: Money;
  readonly payeeVersion: number;
  /** The partner's account at the provider, where it has one. */
  readonly accountId?: string | undefined;
  readonly at: Instant;
}

/** `paid`: it has arrived already. `unknown`: it may have been sent, and nobody can tell. */
export interface Sent {
  readonly outcome: 'sent' | 'paid' | 'failed' | 'unknown';
  /** The provider's own name for it. */
  readonly reference?: string;
  /** Why it failed, in words that the partner can use; of `unknown`, why nobody knows, for our own people. */
  readonly reason?: string;
  /** It is so, and yet something about it does not fit: for our own people. */
  readonly needsAttention?: string;
}

/** What a provider says of our reference. `forgotten`: it may have known it once; so nothing is sent again by itself. */
export interface Found {
  readonly outcome: 'absent' | 'sent' | 'paid' | 'failed' | 'forgotten';
  readonly reference?: string;
  readonly reason?: string;
  readonly needsAttention?: string;
}

/** Whoever moves the money. Both calls throw when nothing is known, and are then made again: first `find`, and then perhaps `send`. */
export interface Provider {
  readonly name: string;
  /**
   * For how many minutes whoever read an order may still be sending it, unseen by `find`; 0 where nothing is sent before it is recorded.
   */
  readonly sendingMinutes: number;
  /** Asked before anything is sent. */
  readonly find: (order: Order) => Promise<Found>;
  readonly send: (order: Order) => Promise<Sent>;
}

const paidBy: Readonly<Record<PayoutProvider, readonly Payee['kind'][]>> = {
  'bank-file': ['iban', 'us_account'],
  manual: ['iban', 'us_account', 'stripe_account'],
  stripe: ['stripe_account'],
};

/** Whether money can go to such an account by a provider of the program. */
export const canPay = (provider: PayoutProvider, kind: Payee['kind']): boolean => paidBy[provider].includes(kind);
