import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { pdfColours, pdfOf, pdfTable } from '#shared/platform/pdf.ts';
import type { GuidePart } from '#shared/program/guide.ts';

const { accent, quiet } = pdfColours;

/** Wide where texts are long; equal columns where a table compares (tiers). */
const widthsOf = ({ head, rows }: Extract<GuidePart, { kind: 'table' }>): string[] => {
  const longest = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const compares = head[0] === '';
  return longest.map((length, column) => {
    if (compares) return column === 0 ? 'auto' : '*';
    return column === longest.indexOf(Math.max(...longest)) ? '*' : length > 24 ? '30%' : 'auto';
  });
};

const tableOf = (part: Extract<GuidePart, { kind: 'table' }>): Content => ({
  table: {
    headerRows: 1,
    dontBreakRows: true,
    keepWithHeaderRows: 1,
    widths: widthsOf(part),
    body: [
      part.head.map((text): TableCell => ({ text, bold: true, color: '#ffffff' })),
      ...part.rows.map((row) => row.map((text, column): TableCell => ({ text, bold: column === 0 }))),
    ],
  },
  layout: pdfTable,
  fontSize: 9.5,
  margin: [0, 4, 0, 12],
});

const contentOf = (part: GuidePart): Content => {
  switch (part.kind) {
    case 'title':
      return [
        { text: part.text, fontSize: 26, bold: true, color: accent },
        { text: part.subtitle, color: quiet, margin: [0, 4, 0, 10] },
        {
          canvas: [{ type: 'line', x1: 0, y1: 0, x2: 483, y2: 0, lineWidth: 2, lineColor: accent }],
          margin: [0, 0, 0, 14],
        },
      ];
    case 'heading':
      return { text: part.text, fontSize: 15, bold: true, color: accent, margin: [0, 16, 0, 6], headlineLevel: 1 };
    case 'paragraph':
      return { text: part.text, margin: [0, 0, 0, 8] };
    case 'list':
      return {
        ul: part.items.map((text) => ({ text, margin: [0, 1.5, 0, 1.5] })),
        margin: [4, 0, 0, 8],
        markerColor: accent,
      };
    case 'table':
      return tableOf(part);
  }
};

/** A text that ends with a colon is not parted from the list or table that it speaks of. */
const together = (parts: readonly GuidePart[]): Content[] =>
  parts.flatMap((part, index): Content[] => {
    const announced = (it: GuidePart | undefined) => it?.kind === 'paragraph' && it.text.endsWith(':');
    if (announced(parts[index - 1])) return [];
    const next = parts[index + 1];
    if (!announced(part) || !next) return [contentOf(part)];
    return [{ stack: [contentOf(part), contentOf(next)], unbreakable: true }];
  });

/** The guide on A4. `at` is the instant that the file says it was made at; the same guide gives the same bytes. */
export const guidePdf = (
  parts: readonly GuidePart[],
  about: { readonly title: string; readonly at: string },
): Promise<Uint8Array> => pdfOf(together(parts), about);
