export const bankFormats = ['pain.001', 'nacha'] as const;
export type BankFormat = (typeof bankFormats)[number];
