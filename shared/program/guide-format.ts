export const guideFormats = ['markdown', 'html', 'pdf'] as const;
export type GuideFormat = (typeof guideFormats)[number];

export const mediaTypes: Readonly<Record<GuideFormat, string>> = {
  markdown: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
};

/** By how much an Accept header wants a media type: its `q`, 0 when it is not in it (RFC 9110, 12.5.1). */
const wanted = (accept: string, mediaType: string): number =>
  accept.split(',').reduce((most, range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== mediaType) return most;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return Math.max(most, quality ? Number(quality.slice(2)) || 0 : 1);
  }, 0);

/** The one that the Accept header names and likes best; Markdown where it names none. Ranges such as any/any say nothing. */
export const guideFormatFor = (accept: string): GuideFormat =>
  guideFormats.reduce<{ format: GuideFormat; quality: number }>(
    (best, format) => {
      const quality = wanted(accept, mediaTypes[format].split(';', 1).join());
      return quality > best.quality ? { format, quality } : best;
    },
    { format: 'markdown', quality: 0 },
  ).format;
