import { preferred } from '#shared/core/preferred.ts';

export const guideFormats = ['markdown', 'html', 'pdf'] as const;
export type GuideFormat = (typeof guideFormats)[number];

export const mediaTypes: Readonly<Record<GuideFormat, string>> = {
  markdown: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
};

/** The one that the Accept header names and likes best; Markdown where it names none. */
export const guideFormatFor = (accept: string): GuideFormat =>
  preferred(accept, guideFormats, (name, format) => name === mediaTypes[format].split(';', 1).join());
