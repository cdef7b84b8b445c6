import { setGate } from '#shared/partners/partner-gate-store.ts';
import { transact } from '#shared/platform/table.ts';

/** Opens the gate of a partner that needs no more than that. */
export const commitGate = async (partnerId: string, overrides: Record<string, unknown> = {}): Promise<string> => {
  const gate = { partnerId, status: 'active', tier: 'authorized', types: ['reseller'], region: 'amer', ...overrides };
  await transact([setGate(gate)]);
  return partnerId;
};
