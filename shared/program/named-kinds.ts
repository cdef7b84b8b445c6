/**
 * Names that programs choose from and records carry. They stand apart from the schemas of the program file, which nothing but the door
 * that reads the file should have to make when it starts.
 */

export const earningKinds = [
  'commission',
  'margin-rebate',
  'rebate',
  'bonus',
  'spiff',
  'mdf-reimbursement',
  'rev-share',
] as const;

export const taxFormKinds = ['w9', 'w8', 'eu_vat'] as const;
export type TaxFormKind = (typeof taxFormKinds)[number];

export const payoutProviders = ['bank-file', 'manual', 'stripe'] as const;
export type PayoutProvider = (typeof payoutProviders)[number];

/** API.md: an invoice is always needed; these are needed beside it. */
export const proofKinds = [
  'attendee-list',
  'photo',
  'platform-report',
  'creative',
  'published-link',
  'certificate',
] as const;

export const accountingClasses = ['expense', 'reduction-of-revenue'] as const;
export type AccountingClass = (typeof accountingClasses)[number];

/** Which way a share of usage goes. */
export const usageDirections = ['to-partner', 'to-us'] as const;
