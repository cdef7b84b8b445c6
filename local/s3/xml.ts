const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');

/** A small document of S3: one element with texts in it. */
export const xml = (name: string, texts: Readonly<Record<string, string>>): string => {
  const inside = Object.entries(texts).map(([tag, text]) => `<${tag}>${escapeXml(text)}</${tag}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}>${inside.join('')}</${name}>`;
};
