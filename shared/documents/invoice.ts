import * as z from 'zod';
import { withoutLegalForm } from '#shared/core/company-name.ts';
import { written } from '#shared/core/contacts.ts';

/** What names an invoice: who wrote it, and the number that this supplier gave it. */
export const Invoice = z.object({
  supplier: written(200).refine((name) => plain(name) !== '', 'must have a letter or a digit'),
  number: written(100).refine((number) => plain(number) !== '', 'must have a letter or a digit'),
});
export type Invoice = z.infer<typeof Invoice>;

/** Letters and digits as everybody would type them: one way of writing each (NFKC), small, without accents or what stands between. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    // By way of capitals, so that ß is ss, as in its own capital spelling.
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '');

const plainSupplier = (supplier: string): string => {
  // Words are told apart before anything is taken out; a dotted form, such as S.A., is one word.
  const words = supplier.normalize('NFKC').replace(/\b(\p{L})\.(?=\p{L}\b)/gu, '$1');
  return plain(withoutLegalForm(words)) || plain(supplier);
};

/** Zeros that lead a run of digits are filling: INV-0042 is INV 42. */
const plainNumber = (number: string): string => plain(number).replace(/(?<!\p{N})0+(?=\p{N})/gu, '');

/**
 * What is the same for one invoice however it is written: in capitals, with dashes or spaces, with or without leading zeros, accents
 * or the supplier's legal form. Two invoices of one supplier whose numbers differ in punctuation alone count as the same one.
 */
export const invoiceIdentity = ({ supplier, number }: Invoice): readonly [supplier: string, number: string] => [
  plainSupplier(supplier),
  plainNumber(number),
];
