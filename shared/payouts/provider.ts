import type { Money } from '#shared/core/money.ts';
import type { Instant } from '#shared/core/time.ts';

/** What a provider is told to pay. */
export interface Order {
  /** The payout's id, fixed before the first try: sending it twice must pay once. */
  readonly reference: string;
  readonly partnerId: string;
  readonly amount: Money;
  readonly payeeVersion: number;
  readonly at: Instant;
}

/** `unknown`: it may have been sent, and nobody can tell. */
export interface Sent {
  readonly outcome: 'sent' | 'failed' | 'unknown';
  /** The provider's own name for it. */
  readonly reference?: string;
  /** Why it failed, in words that the partner can use. */
  readonly reason?: string;
}

/** What a provider says of our reference. `forgotten`: it may have known it once; so nothing is sent again by itself. */
export interface Found {
  readonly outcome: 'absent' | 'sent' | 'paid' | 'failed' | 'forgotten';
  readonly reference?: string;
  readonly reason?: string;
}

/** Whoever moves the money. `find` is asked before anything is sent. */
export interface Provider {
  readonly name: string;
  readonly find: (order: Order) => Promise<Found>;
  readonly send: (order: Order) => Promise<Sent>;
}

const byFile = (name: string): Provider => ({
  name,
  find: () => Promise.resolve({ outcome: 'absent' }),
  send: () => Promise.resolve({ outcome: 'sent' }),
});

/**
 * Those that need no call. `bank-file`: the run's file is made from what was sent, and the bank answers by files. `manual`: somebody pays
 * by hand and says so.
 */
const providers: readonly Provider[] = [byFile('bank-file'), byFile('manual')];

/** Throws for a provider that there is none of. */
export const providerNamed = (name: string): Provider => {
  const provider = providers.find((each) => each.name === name);
  if (!provider) throw new Error(`There is no payout provider ${name}.`);
  return provider;
};
