import type * as z from 'zod';
import { Amount, block, Country, Id, listOf, oneOf, some, Text, whole, YesNo } from '#shared/program/program-fields.ts';

export const dealTypes = ['new', 'expansion', 'renewal'] as const;
export const attributionRoles = ['sourced', 'influenced'] as const;

/** How deals are registered and protected (PRODUCT §2). */
export const DealRules = block({
  minimumValue: Amount,
  /** Strictly below this, a clean registration is approved at once; absent: a person always decides. */
  autoApproveBelow: Amount.optional(),
  closeWithinMonths: whole('months', { min: 1, max: 120 }),
  protectionDays: whole('days', { min: 1 }),
  /** Once, asked for before expiry; 0: no extension. */
  extensionDays: whole('days'),
  warningDays: listOf(whole('days before the end', { min: 1 })),
  /** How long the same partner waits after expiry, loss or withdrawal. */
  coolOffDays: whole('days'),
  /** How long a `new` deal for the same customer and line is refused after a win; 0 or absent: not at all. */
  newAfterWinMonths: whole('months').optional(),
  knownAccounts: oneOf(['review', 'refuse']),
  lateApproval: block({ enabled: YesNo, afterBusinessDays: whole('business days', { min: 1, max: 250 }) }),
  /** 0 to 100, from which likeness on a company name is shown to the reviewer; absent: names are not compared. */
  lookAlikeThreshold: whole('points of likeness', { min: 1, max: 100 }).optional(),
  returnedLapseDays: whole('days', { min: 1 }),
});
export type DealRules = z.infer<typeof DealRules>;

/** Lists that are given must all fit; within a list, one entry must. */
const CustomerGroup = block({
  countries: some(Country).optional(),
  segments: some(Id).optional(),
  /** Registrable domains of named accounts. */
  accounts: some(Text).optional(),
}).refine((group) => group.countries || group.segments || group.accounts, {
  error: 'must name countries, segments or accounts',
});

const PartnerGroup = block({ types: some(Id).optional(), ids: some(Text).optional() }).refine(
  (group) => group.types || group.ids,
  { error: 'must name types or ids of partners' },
);

/**
 * `exclusive`: these customers may be registered by these partners only.
 * `confined`: these partners may register these customers only.
 */
export const Territory = block({
  id: Id,
  kind: oneOf(['exclusive', 'confined']),
  /** Quoted word for word to whoever is refused by it. */
  text: Text,
  partners: PartnerGroup,
  customers: CustomerGroup,
});
export type Territory = z.infer<typeof Territory>;
