import pdfmake from 'pdfmake';
import fontFiles from 'pdfmake/build/vfs_fonts.js';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { GuidePart } from '#shared/program/guide.ts';

const accent = '#0b5c6b';
const quiet = '#5b6b7b';

// The fonts are in the bundle, so nothing is read from disk or fetched while a guide is made.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy(() => false);
pdfmake.setFonts({
  Roboto: {
    normal: 'Roboto-Regular.ttf',
    bold: 'Roboto-Medium.ttf',
    italics: 'Roboto-Italic.ttf',
    bolditalics: 'Roboto-MediumItalic.ttf',
  },
});
// pdfmake has this member on every platform; its types show it for browsers only.
const { virtualfs } = pdfmake as unknown as { virtualfs: { writeFileSync: (name: string, content: Buffer) => void } };
for (const [name, base64] of Object.entries(fontFiles))
  virtualfs.writeFileSync(name, Buffer.from(String(base64), 'base64'));

const tableLook = {
  hLineWidth: (line: number, { table }: { table: { body: unknown[] } }) =>
    line < 2 || line === table.body.length ? 0 : 0.5,
  vLineWidth: () => 0,
  hLineColor: () => '#dfe5ea',
  fillColor: (row: number) => (row === 0 ? accent : row % 2 === 0 ? '#f4f7f9' : null),
  paddingLeft: () => 7,
  paddingRight: () => 7,
  paddingTop: () => 5,
  paddingBottom: () => 5,
};

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
  layout: tableLook,
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
export const guidePdf = async (
  parts: readonly GuidePart[],
  about: { readonly title: string; readonly at: string },
): Promise<Uint8Array> => {
  const made = new Date(about.at);
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageMargins: [56, 56, 56, 60],
    info: { title: about.title, creator: 'Tandem', producer: 'Tandem', creationDate: made, modDate: made },
    defaultStyle: { font: 'Roboto', fontSize: 10.5, lineHeight: 1.25, color: '#1c2733' },
    // A heading at the foot of a page belongs to the next one.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length < 3,
    footer: (page, pages) => ({
      columns: [{ text: about.title }, { text: `${page} / ${pages}`, alignment: 'right' }],
      margin: [56, 24, 56, 0],
      fontSize: 8.5,
      color: quiet,
    }),
    content: together(parts),
  };
  return pdfmake.createPdf(definition).getBuffer();
};
