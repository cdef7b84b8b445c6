import type { GuidePart } from '#shared/program/guide.ts';

/** Texts come from the program file, and what looks like markup or HTML in them is meant as it is written. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>&|~#]/g, '\\$&')
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');

const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;

const partText = (part: GuidePart): string => {
  switch (part.kind) {
    case 'title':
      return `# ${plain(part.text)}\n\n${plain(part.subtitle)}`;
    case 'heading':
      return `## ${plain(part.text)}`;
    case 'paragraph':
      return plain(part.text);
    case 'list':
      return part.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'table':
      return [row(part.head), `|${' --- |'.repeat(part.head.length)}`, ...part.rows.map(row)].join('\n');
  }
};

export const guideMarkdown = (parts: readonly GuidePart[]): string => `${parts.map(partText).join('\n\n')}\n`;
