import { type Answer, operation } from '#functions/http/door.ts';
import { notFound } from '#shared/core/errors.ts';
import { guideOf } from '#shared/program/guide.ts';
import { type GuideFormat, guideFormatFor, mediaTypes } from '#shared/program/guide-format.ts';
import { guideHtml } from '#shared/program/guide-html.ts';
import { guideMarkdown } from '#shared/program/guide-markdown.ts';
import * as contracts from '#shared/program/program-contract.ts';
import { findProgramAt, type ProgramInForce } from '#shared/program/program-store.ts';
import { guidePdf } from './guide-pdf.ts';

const render = async (inForce: ProgramInForce, format: GuideFormat): Promise<string | Uint8Array> => {
  const parts = guideOf(inForce);
  const title = inForce.program.name;
  if (format === 'pdf') return guidePdf(parts, { title, at: inForce.effectiveFrom });
  const markdown = guideMarkdown(parts);
  return format === 'html' ? guideHtml(markdown, title) : markdown;
};

/** GET /v1/program/guide: the program in force in plain words, in the format that was asked for. */
export const getProgramGuide = operation(contracts.getProgramGuide, async ({ query, accept, now }): Promise<Answer> => {
  const inForce = await findProgramAt(now);
  if (!inForce) throw notFound();
  const format = query.format ?? guideFormatFor(accept);
  return {
    status: 200,
    content: { type: mediaTypes[format], data: await render(inForce, format) },
    version: inForce.version,
    headers: {
      vary: 'accept',
      // The page has its style in itself, and nothing else.
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    },
  };
});
