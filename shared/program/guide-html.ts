import { marked } from 'marked';

const style = `
:root { color-scheme: light; --ink: #1c2733; --quiet: #5b6b7b; --line: #dfe5ea; --tint: #f4f7f9; --accent: #0b5c6b; }
body { margin: 0 auto; max-width: 50rem; padding: 3rem 1.5rem 5rem; color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
h1 { margin: 0; font-size: 2.2rem; line-height: 1.2; color: var(--accent); }
h1 + p { margin: .4rem 0 2rem; padding-bottom: 1rem; border-bottom: 3px solid var(--accent); color: var(--quiet); }
h2 { margin: 2.6rem 0 .6rem; font-size: 1.35rem; color: var(--accent); }
ul { padding-left: 1.2rem; }
li { margin: .25rem 0; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; font-size: .95rem; }
th, td { padding: .5rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--accent); color: #fff; border: 0; }
tbody tr:nth-child(even) { background: var(--tint); }
td:first-child { font-weight: 600; }
@media print { body { padding: 0; max-width: none; } h2 { break-after: avoid; } table { break-inside: avoid; } }
`;

/** A page of its own, without scripts and without anything from elsewhere. `markdown` is the guide's, in which nothing is HTML. */
export const guideHtml = (markdown: string, title: string): string => {
  const name = title.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>${style}</style>
</head>
<body>
${marked.parse(markdown, { async: false })}</body>
</html>
`;
};
