import * as z from 'zod';
import { Tracked } from '#shared/core/history.ts';
import { fingerprint } from '#shared/core/ids.ts';
import { addMoney, Money } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';

/** What a program costs, as finance counts it. */
export const costKinds = ['people', 'tools', 'marketing', 'incentives', 'recruitment', 'training', 'other'] as const;
export const CostKind = z.enum(costKinds);

const margin = 'must be a percentage from 0 to 100 with at most four decimals';
export const MarginPercent = z
  .number()
  .min(0, margin)
  .max(100, margin)
  .refine((percent) => /^\d+(\.\d{1,4})?$/.test(String(percent)), margin);

/** What finance says of a quarter. */
export const ProgramCostsInput = z
  .strictObject({
    costs: z.array(z.strictObject({ kind: CostKind, amount: Money })).max(50),
    marginPercent: MarginPercent.meta({ description: 'Gross margin of what was sold in the quarter' }),
    note: z.string().trim().min(1).max(1000).optional(),
  })
  .meta({ id: 'ProgramCostsInput' });
export type ProgramCostsInput = z.infer<typeof ProgramCostsInput>;

/** The costs of a quarter, with their history. */
export const ProgramCosts = z.object({
  ...Tracked.shape,
  status: z.literal('entered'),
  quarter: Quarter,
  ...ProgramCostsInput.shape,
});
export type ProgramCosts = z.infer<typeof ProgramCosts>;

/** One for each quarter. */
export const programCostsId = (quarter: Quarter): string => `cst_${fingerprint('cst', quarter)}`;

export const totalMinor = ({ costs }: Pick<ProgramCosts, 'costs'>): number =>
  costs.reduce((sum, { amount }) => sum + amount.amountMinor, 0);

/** What is entered over what was there. Throws `money.currency_mismatch`. */
export const enterCosts = (
  before: ProgramCosts | undefined,
  entered: { readonly quarter: Quarter; readonly input: ProgramCostsInput; readonly now: string },
  { currency }: { readonly currency: string },
): ProgramCosts => {
  const { quarter, input, now } = entered;
  // Adding them up says in words which amount is of another currency.
  input.costs.reduce((sum, { amount }) => addMoney(sum, amount), { amountMinor: 0, currency });
  const { version = 0, head = '', createdAt = now, doneKeys } = before ?? {};
  return {
    id: programCostsId(quarter),
    status: 'entered',
    version,
    head,
    createdAt,
    updatedAt: now,
    ...(doneKeys ? { doneKeys } : {}),
    quarter,
    ...input,
  };
};
