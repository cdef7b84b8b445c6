import type { Provider } from '#shared/payouts/provider.ts';
import { stripe } from './stripe.ts';

const byFile = (name: string): Provider => ({
  name,
  sendingMinutes: 0,
  find: () => Promise.resolve({ outcome: 'absent' }),
  send: () => Promise.resolve({ outcome: 'sent' }),
});

/**
 * `bank-file` needs no call: the run's file is made from what was sent, and the bank answers by files. Nor does `manual`: somebody pays
 * by hand and says so.
 */
const providers: readonly Provider[] = [byFile('bank-file'), byFile('manual'), stripe];

/** Throws for a provider that there is none of. */
export const providerNamed = (name: string): Provider => {
  const provider = providers.find((each) => each.name === name);
  if (!provider) throw new Error(`There is no payout provider ${name}.`);
  return provider;
};
