import * as z from 'zod';
import { Instant } from '#shared/core/time.ts';
import { read } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | how a partner is paid now | table | pk = partner id, sk = `payee` |
 */
export const payeeKey = (partnerId: string) => ({ pk: partnerId, sk: 'payee' });

/** How a partner is paid, without anything secret. */
export const Payee = z.object({
  version: z.int().positive(),
  kind: z.enum(['iban', 'us_account']),
  holder: z.string(),
  lastFour: z.string(),
  countryCode: z.string(),
  taxForm: z.object({ kind: z.string() }).optional(),
  changedAt: Instant,
  changedBy: z.string(),
});
export type Payee = z.infer<typeof Payee>;

/** Undefined until the partner has said how it wants to be paid. */
export const getPayee = async (partnerId: string): Promise<Payee | undefined> => {
  const [item] = await read([payeeKey(partnerId)]);
  return item && Payee.parse(item);
};
