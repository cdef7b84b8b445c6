import { closeStep, type JournalEntry, registrationStep } from '#local/import/journal.ts';
import type { Plan } from '#local/import/plan.ts';

/** How one row of the source ended. */
export interface RowOutcome {
  readonly rowId: string;
  /** Key of the partner; of an unusable row, the agent as it is written there. */
  readonly partner: string;
  /** `approved`, `submitted`, `refused:<code>`, `unusable:<why>`, or `pending` where the import has not come to it. */
  readonly registration: string;
  /** `won`, `lost`, `refused:<why>`, `none` where the row never closes, or `pending`. */
  readonly close: string;
  /** How its deal stands in the system (`won` `lost` `expired` `approved` …), `refused`, `unusable` or `pending`. */
  readonly final: string;
}

/** Counts of rows; every row is in exactly one of registered, refused, unusable and pending. */
export interface Figures {
  readonly rows: number;
  readonly registered: number;
  readonly refused: Counts;
  readonly unusable: Counts;
  readonly pending: number;
  readonly won: number;
  readonly lost: number;
  readonly expired: number;
  readonly stillOpen: number;
  /** Registered deals that ended otherwise, such as withdrawn ones, by status. */
  readonly otherwise: Counts;
  readonly closesRefused: Counts;
}
export type Counts = Readonly<Record<string, number>>;

export interface Report {
  readonly total: Figures;
  readonly partners: readonly ({ readonly partner: string } & Figures)[];
  readonly rows: readonly RowOutcome[];
}

/** What the import ended with: its journal, and the status of each deal as the system tells it now. */
export interface Ending {
  readonly find: (step: string) => JournalEntry | undefined;
  readonly dealStatuses: ReadonlyMap<string, string>;
}

const openStatuses = ['approved', 'submitted', 'returned'];

const outcomeOf = (entry: JournalEntry | undefined): string => {
  if (!entry) return 'pending';
  return entry.outcome === 'refused' ? `refused:${entry.reason}` : entry.outcome;
};

function finalOf(entry: JournalEntry | undefined, { dealStatuses }: Ending): string {
  if (!entry) return 'pending';
  if (entry.deal === undefined) return 'refused';
  return dealStatuses.get(entry.deal) ?? 'missing';
}

export function rowOutcomes(plan: Plan, ending: Ending): readonly RowOutcome[] {
  const closing = new Set(plan.closes.map((one) => one.rowId));
  const used = plan.registrations.map((one) => {
    const registration = ending.find(registrationStep(one.rowId));
    return {
      rowId: one.rowId,
      partner: one.partnerKey,
      registration: outcomeOf(registration),
      close: closing.has(one.rowId) ? outcomeOf(ending.find(closeStep(one.rowId))) : 'none',
      final: finalOf(registration, ending),
    };
  });
  const unused = plan.unusable.map(({ rowId, partnerKey, reason }) => {
    return { rowId, partner: partnerKey, registration: `unusable:${reason}`, close: 'none', final: 'unusable' };
  });
  return [...used, ...unused];
}

function countBy(texts: readonly string[], prefix = ''): Counts {
  const counts = new Map<string, number>();
  for (const text of texts.filter((one) => one.startsWith(prefix))) {
    counts.set(text.slice(prefix.length), (counts.get(text.slice(prefix.length)) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const sum = (counts: Counts): number => Object.values(counts).reduce((total, count) => total + count, 0);

export function figuresOf(rows: readonly RowOutcome[]): Figures {
  const registrations = rows.map((row) => row.registration);
  const finals = countBy(rows.map((row) => row.final));
  const named = ['won', 'lost', 'expired', 'refused', 'unusable', 'pending', ...openStatuses];
  return {
    rows: rows.length,
    registered: registrations.filter((one) => one === 'approved' || one === 'submitted').length,
    refused: countBy(registrations, 'refused:'),
    unusable: countBy(registrations, 'unusable:'),
    pending: registrations.filter((one) => one === 'pending').length,
    won: finals.won ?? 0,
    lost: finals.lost ?? 0,
    expired: finals.expired ?? 0,
    stillOpen: openStatuses.reduce((total, status) => total + (finals[status] ?? 0), 0),
    otherwise: Object.fromEntries(Object.entries(finals).filter(([status]) => !named.includes(status))),
    closesRefused: countBy(
      rows.map((row) => row.close),
      'refused:',
    ),
  };
}

/** Pure: what a person wants to know after an import, in all and per partner. */
export function reportOf(plan: Plan, ending: Ending): Report {
  const rows = rowOutcomes(plan, ending);
  const byPartner = Map.groupBy(rows, (row) => row.partner);
  const idle = plan.partners
    .filter((partner) => !byPartner.has(partner.key))
    .map((partner) => [partner.key, []] as const);
  const partners = [...byPartner, ...idle].map(([partner, own]) => ({ partner, ...figuresOf(own) }));
  return { total: figuresOf(rows), partners: partners.sort((a, b) => (a.partner < b.partner ? -1 : 1)), rows };
}
