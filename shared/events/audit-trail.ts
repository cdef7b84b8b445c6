import type { StoredEvent } from '#shared/core/history.ts';
import type { Journal } from '#shared/core/journal.ts';
import type { EventView } from './event-contract.ts';

/** What of a history is shown to whoever reads it. */
export interface Reader {
  readonly showsField: (field: string) => boolean;
  readonly showsAccount: (account: string) => boolean;
}

// By these we recognise a request that is repeated; they are of no use to anybody else, wherever they stand.
const ours = new Set(['writeId', 'bodyHash']);
const withoutOurs = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutOurs);
  if (typeof value !== 'object' || value === null) return value;
  const told = Object.entries(value).filter(([name]) => !ours.has(name));
  return Object.fromEntries(told.map(([name, inner]) => [name, withoutOurs(inner)]));
};

const journalsFor = (journals: readonly Journal[], { showsAccount }: Reader): readonly Journal[] =>
  journals.flatMap((journal) => {
    const lines = journal.lines.filter(({ account }) => showsAccount(account));
    return lines.length > 0 ? [{ ...journal, lines }] : [];
  });

/**
 * The audit trail as its reader may see it, with what each field was before. `events` are all events of a thing from the first on:
 * an event holds new values only, and the old ones are found by folding those before it.
 */
export const auditTrail = (events: readonly StoredEvent[], reader: Reader): readonly EventView[] => {
  const state = new Map<string, unknown>();
  return events.map((event) => {
    const { writeId: _writeId, bodyHash: _bodyHash, journals: booked = [], ...told } = event;
    const changes: EventView['changes'] = {};
    for (const [field, value] of Object.entries(event.changes).sort()) {
      const to = withoutOurs(value);
      if (reader.showsField(field)) changes[field] = { from: state.get(field) ?? null, to };
      state.set(field, to);
    }
    const journals = [...journalsFor(booked, reader)];
    const personal = event.personal.filter(reader.showsField);
    return { ...told, changes, personal, ...(journals.length > 0 ? { journals } : {}) };
  });
};
