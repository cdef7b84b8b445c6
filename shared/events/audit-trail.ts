import type { StoredEvent } from '#shared/core/history.ts';
import type { EventView } from './event-contract.ts';

/** Whether a field is shown to the reader. */
export type Shows = (field: string) => boolean;

/**
 * The audit trail as its reader may see it, with what each field was before. `events` are all events of a thing from the first on:
 * an event holds new values only, and the old ones are found by folding those before it.
 */
export const auditTrail = (events: readonly StoredEvent[], shows: Shows): readonly EventView[] => {
  const state = new Map<string, unknown>();
  return events.map((event) => {
    const { writeId: _writeId, bodyHash: _bodyHash, ...told } = event;
    const changes: EventView['changes'] = {};
    for (const [field, to] of Object.entries(event.changes).sort()) {
      if (shows(field)) changes[field] = { from: state.get(field) ?? null, to };
      state.set(field, to);
    }
    return { ...told, changes, personal: event.personal.filter(shows) };
  });
};
