import * as z from 'zod';
import type { StoredEvent, Tracked } from '#shared/core/history.ts';
import { derivedId, fingerprint } from '#shared/core/ids.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { AnyInstant, Day, type Instant, millis } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { company, type Fact } from './fact.ts';
import { type FactKind, factKinds, isFactKind, kindOf } from './fact-kinds.ts';
import { type Calendar, factOfEvent, type Step } from './step.ts';

/** What Tandem does not record itself. */
const told = Object.entries<FactKind>(factKinds).flatMap(([id, { source }]) => (source === 'reported' ? [id] : []));

/** What somebody says happened. Only its form is asked of it here: each row is judged by itself, so that one bad row spoils no other. */
export const ReportedFact = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'Of the source that tells it, and never used for anything else' }),
    kind: z
      .string()
      .max(64)
      .meta({ description: `One of ${told.join(', ')}`, example: 'training.completed' }),
    partnerId: z.string().min(1).max(100).optional().meta({ description: 'Left out of what is about no partner' }),
    occurredAt: z.string().max(40).meta({ description: 'A day, or an instant in UTC', example: '2027-02-11' }),
    value: z.number().optional().meta({ description: 'Whole, in the unit of the kind; 1 where things are counted' }),
    unit: z.string().max(32).optional().meta({ description: 'That of the kind, where it is said' }),
    currency: z
      .string()
      .max(8)
      .optional()
      .meta({ description: 'Of money: the program’s; the value is in minor units' }),
    about: z.string().min(1).max(40).optional().meta({
      description: 'What it belongs to, such as a customer or an integration, by a short name that is nobody’s secret',
    }),
  })
  .meta({ id: 'ReportedFact' });
export type ReportedFact = z.infer<typeof ReportedFact>;

/** Why a row is refused. */
export const refusals = {
  'fact.unknown_kind': 'There is no such kind of facts.',
  'fact.not_reportable': 'Tandem records facts of this kind itself.',
  'fact.partner_missing': 'A fact of this kind is about a partner.',
  'fact.about_company': 'A fact of this kind is about no partner.',
  'fact.unknown_partner': 'There is no such partner.',
  'fact.time_not_readable': 'The time is neither a day nor an instant in UTC.',
  'fact.in_future': 'It has not happened yet.',
  'fact.wrong_unit': 'The unit is not that of the kind.',
  'fact.value_missing': 'A fact of this kind says how much.',
  'fact.value_out_of_range': 'The value is not a whole number in the range of the kind.',
  'money.currency_mismatch': 'The currency is not that of the program.',
  'fact.id_reused': 'The source told something else under this id before.',
} as const;
export type RefusalCode = keyof typeof refusals;

/** What is kept of an accepted row. */
export interface FactRecord extends Tracked {
  readonly kind: string;
  readonly partnerId?: string;
  readonly occurredAt: Instant;
  readonly value: number;
  readonly about?: string;
  /** Who told it, and under which id. */
  readonly source: string;
  readonly sourceId: string;
}

/** The same source and id are the same fact, however often it is told. */
export const factIdOf = (source: string, id: string): string => derivedId('fct', source, id);

/** Known to whoever judges: the time, the rules, and which of the partners that are named are there. */
export interface Bench {
  readonly now: Instant;
  readonly program: Pick<Program, 'currency' | 'timeZone'>;
  readonly partners: ReadonlySet<string>;
}

const refuse = (code: RefusalCode, more = ''): { readonly code: RefusalCode; readonly detail: string } => ({
  code,
  detail: more === '' ? refusals[code] : `${refusals[code]} ${more}`,
});
export type Refused = ReturnType<typeof refuse>;

const instantOf = (text: string, timeZone: string): Instant | undefined => {
  if (Day.safeParse(text).success) return startOfDay(text, timeZone);
  return AnyInstant.safeParse(text).data;
};

const checkPartner = (
  { partnerId }: ReportedFact,
  kind: FactKind,
  partners: ReadonlySet<string>,
): Refused | undefined => {
  if (kind.company) return partnerId === undefined ? undefined : refuse('fact.about_company');
  if (partnerId === undefined) return kind.partnerOptional ? undefined : refuse('fact.partner_missing');
  return partners.has(partnerId) ? undefined : refuse('fact.unknown_partner');
};

const most = 1_000_000_000_000;

const checkValue = ({ value, unit, currency }: ReportedFact, kind: FactKind, own: string): Refused | undefined => {
  if (unit !== undefined && unit !== kind.unit) return refuse('fact.wrong_unit', `It is ${kind.unit}.`);
  if (kind.unit === 'money' && currency !== own) return refuse('money.currency_mismatch', `It is ${own}.`);
  if (kind.unit !== 'money' && currency !== undefined) return refuse('fact.wrong_unit', `It is ${kind.unit}.`);
  if (value === undefined) {
    return kind.unit === 'count' || kind.unit === 'yes' ? undefined : refuse('fact.value_missing', `In ${kind.unit}.`);
  }
  const [least, greatest] = kind.unit === 'yes' ? [0, 1] : (kind.range ?? [0, most]);
  const fits = Number.isSafeInteger(value) && value >= least && value <= greatest;
  return fits ? undefined : refuse('fact.value_out_of_range', `It is between ${least} and ${greatest}.`);
};

/** What would be kept of a row, or why it is refused. */
export const judgeRow = (
  row: ReportedFact,
  source: string,
  { now, program, partners }: Bench,
): { readonly fact: FactRecord } | { readonly refused: Refused } => {
  if (!isFactKind(row.kind)) return { refused: refuse('fact.unknown_kind') };
  const kind = kindOf(row.kind);
  if (kind.source !== 'reported') return { refused: refuse('fact.not_reportable') };
  const occurredAt = instantOf(row.occurredAt, program.timeZone);
  if (occurredAt === undefined) return { refused: refuse('fact.time_not_readable') };
  if (occurredAt > now) return { refused: refuse('fact.in_future') };
  const refused = checkPartner(row, kind, partners) ?? checkValue(row, kind, program.currency);
  if (refused) return { refused };
  const fact: FactRecord = {
    id: factIdOf(source, row.id),
    status: 'reported',
    version: 0,
    head: '',
    createdAt: now,
    updatedAt: now,
    ...(row.partnerId === undefined ? {} : { partnerId: row.partnerId }),
    kind: row.kind,
    occurredAt,
    value: row.value ?? 1,
    ...(row.about === undefined ? {} : { about: row.about }),
    source,
    sourceId: row.id,
  };
  return { fact };
};

/** Whether a fact that is known says what this row says. */
export const saysTheSame = ({ changes }: Pick<StoredEvent, 'changes'>, fact: FactRecord): boolean =>
  (['kind', 'partnerId', 'occurredAt', 'value', 'about'] as const).every((name) => changes[name] === fact[name]);

export const idReused = (): Refused => refuse('fact.id_reused');

/** Enough of a hash to tell the facts of a partner, quarter and kind apart; every byte is read for every partner. */
const shortId = 16;

/** Of what stands there is one for each thing that it belongs to, and the one that was told last counts. */
export const factsOfReport = ({ after, event }: Step<FactRecord>, calendar: Calendar): readonly Fact[] => {
  const { kind, partnerId = company, value, occurredAt, about } = after;
  // An older version of Tandem may have known kinds that are gone.
  if (!isFactKind(kind)) return [];
  const told = factOfEvent(event, calendar)(kind, {
    partnerId,
    value,
    at: occurredAt,
    ...(about === undefined ? {} : { about }),
  });
  const id = event.subject.slice(event.subject.indexOf('_') + 1).slice(0, shortId);
  if (!kindOf(kind).standing) return [{ ...told, id }];
  return [
    {
      ...told,
      id: about === undefined ? '' : fingerprint(about).slice(0, shortId),
      rank: Math.floor(millis(event.at) / 1000),
    },
  ];
};
