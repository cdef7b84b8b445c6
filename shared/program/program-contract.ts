import * as z from 'zod';
import { contract } from '#shared/core/contract.ts';
import { AnyInstant, Instant } from '#shared/core/time.ts';
import type { GuideOf } from '#shared/program/guide.ts';
import { guideFormats } from '#shared/program/guide-format.ts';
import { Program } from '#shared/program/program.ts';
import type { ProgramVersion } from '#shared/program/program-version.ts';

const { shape } = Program;

/**
 * The program as everybody may see it. Territories are shown by their text alone: which partner has which account is nobody
 * else's business. Nor is by whom and from which account partners are paid.
 */
export const ProgramView = z
  .strictObject({
    version: z.int(),
    effectiveFrom: Instant,
    ...shape,
    territories: z.array(shape.territories.element.pick({ id: true, text: true })),
    payouts: shape.payouts.omit({ payer: true, provider: true }),
  })
  .meta({ id: 'Program' });
export type ProgramView = z.infer<typeof ProgramView>;

/** What everybody may see of the program in force. */
export const viewProgram = ({ version, effectiveFrom, program }: GuideOf): ProgramView => {
  const { payer: _payer, provider: _provider, ...payouts } = program.payouts;
  return {
    version,
    effectiveFrom,
    ...program,
    territories: program.territories.map(({ id, text }) => ({ id, text })),
    payouts,
  };
};

export const ProgramChangeView = z
  .strictObject({
    path: z.string().meta({ example: 'tiers[gold].benefits.mdfPerQuarter' }),
    text: z.string(),
    takesAway: z.boolean().meta({ description: 'Whether partners lose by it; such a change needs 30 days’ notice' }),
  })
  .meta({ id: 'ProgramChange' });

export const PublicationView = z
  .strictObject({ version: z.int(), effectiveFrom: Instant, changes: z.array(ProgramChangeView) })
  .meta({ id: 'PublishedProgram' });

export const viewPublication = ({
  version,
  effectiveFrom,
  changes,
}: ProgramVersion): z.infer<typeof PublicationView> => ({
  version,
  effectiveFrom,
  changes,
});

export const getProgram = contract({
  operation: 'get-program',
  summary: 'The program in force',
  answers: { 200: ProgramView },
  errors: ['not_found'],
});

export const publishProgram = contract({
  operation: 'publish-program',
  summary: 'Publish a new version of the program file, to take effect on a future date',
  body: z.strictObject({
    source: z.string().min(1).max(200_000).meta({ description: 'The program file: YAML 1.2' }),
    effectiveFrom: AnyInstant,
  }),
  answers: { 201: PublicationView },
  errors: ['version.stale', 'program.currency_fixed', 'program.effective_too_soon', 'program.notice_too_short'],
});

export const getProgramGuide = contract({
  operation: 'get-program-guide',
  summary: 'The program in plain words, made from the program file: as Markdown, page or PDF',
  query: z.strictObject({
    format: z
      .enum(guideFormats)
      .optional()
      .meta({ description: 'Instead of an Accept header; Markdown when neither says anything' }),
  }),
  answers: { 200: z.string() },
  media: ['text/markdown', 'text/html', 'application/pdf'],
  errors: ['not_found'],
});
