import { type Happening, type Intent, record, type StoredEvent, type Tracked } from '#shared/core/history.ts';
import type { Journal } from '#shared/core/journal.ts';
import { expenseAccount, journalOf, move, partnerAccount } from '#shared/ledger/chart.ts';
import { foldEvent } from '#shared/ledger/ledger-store.ts';
import { commit } from '#shared/platform/history-store.ts';

/** A thing with money in its history: its first event carries these journals. */
export const aHappening = (
  subject: string,
  journals: readonly Journal[],
  at = journals[0]?.at ?? '',
): { readonly entity: Tracked; readonly event: StoredEvent } => {
  const intent: Intent = { writeId: `write ${subject}`, bodyHash: 'body', by: 'usr_finance', at };
  const happening: Happening = { type: 'earning.accrued', intent, personalFields: [], journals };
  const entity = { id: subject, status: 'on_hold', version: 0, head: '', createdAt: at, updatedAt: at };
  return record(undefined, entity, happening);
};

/** The two journals of an earning that goes on hold: what is owed now, and that it is payable when the hold ends. */
export const earned = (
  earningId: string,
  about: { readonly partnerId: string; readonly amountMinor: number; readonly at: string; readonly holdUntil: string },
): readonly Journal[] => {
  const { partnerId, amountMinor, at, holdUntil } = about;
  const [held, payable] = [partnerAccount(partnerId, 'on-hold'), partnerAccount(partnerId, 'payable')];
  return [
    journalOf(['accrued', earningId], {
      at,
      currency: 'USD',
      lines: move(amountMinor, expenseAccount('commission'), held),
    }),
    journalOf(['hold ended', earningId], { at: holdUntil, currency: 'USD', lines: move(amountMinor, held, payable) }),
  ];
};

/** Writes events and folds them, as a store and the stream do. */
export const book = async (...events: readonly StoredEvent[]): Promise<void> => {
  for (const event of events) {
    await commit([event], []);
    await foldEvent(event);
  }
};
