import pdfmake from 'pdfmake';
import fontFiles from 'pdfmake/build/vfs_fonts.js';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Instant } from '#shared/core/time.ts';

export const pdfColours = { accent: '#0b5c6b', quiet: '#5b6b7b', text: '#1c2733', stripe: '#f4f7f9', rule: '#dfe5ea' };
const { accent, quiet, text, stripe, rule } = pdfColours;

// The fonts are in the bundle, so nothing is read from disk or fetched while a file is made.
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

/** A table with a head, and stripes instead of lines. */
export const pdfTable = {
  hLineWidth: (line: number, { table }: { table: { body: unknown[] } }) =>
    line < 2 || line === table.body.length ? 0 : 0.5,
  vLineWidth: () => 0,
  hLineColor: () => rule,
  fillColor: (row: number) => (row === 0 ? accent : row % 2 === 0 ? stripe : null),
  paddingLeft: () => 7,
  paddingRight: () => 7,
  paddingTop: () => 5,
  paddingBottom: () => 5,
};

/** Pages of A4. `at` is the instant that the file says it was made at; the same content gives the same bytes. */
export const pdfOf = async (
  content: TDocumentDefinitions['content'],
  about: { readonly title: string; readonly at: Instant },
): Promise<Uint8Array> => {
  const made = new Date(about.at);
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageMargins: [56, 56, 56, 60],
    info: { title: about.title, creator: 'Tandem', producer: 'Tandem', creationDate: made, modDate: made },
    defaultStyle: { font: 'Roboto', fontSize: 10.5, lineHeight: 1.25, color: text },
    // A heading at the foot of a page belongs to the next one.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length < 3,
    footer: (page, pages) => ({
      columns: [{ text: about.title }, { text: `${page} / ${pages}`, alignment: 'right' }],
      margin: [56, 24, 56, 0],
      fontSize: 8.5,
      color: quiet,
    }),
    content,
  };
  return pdfmake.createPdf(definition).getBuffer();
};
