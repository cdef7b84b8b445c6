import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { notFound } from '#shared/core/errors.ts';
import { dayOf } from '#shared/core/time.ts';
import { accountOf, controlOf } from '#shared/ledger/chart.ts';
import { type FoldedJournal, journalsOf, positionOf } from '#shared/ledger/folding.ts';
import * as contracts from '#shared/ledger/ledger-contract.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { endOf, type JournalPage, type JournalsAsked, journalsInOrder, pageOf } from './journals-in-order.ts';

const eventsPerQuery = 100;

const isOf = ({ lines }: FoldedJournal, accountId: string | undefined): boolean =>
  accountId === undefined || lines.some(({ account }) => account === accountId || controlOf(account) === accountId);

/** The journals of a thing are in its history; nothing else has to be asked. */
const ofSubject = async (subject: string, asked: JournalsAsked): Promise<JournalPage> => {
  const journals: FoldedJournal[] = [];
  for (let seq = 1; ; ) {
    const events = await listEvents(subject, seq, eventsPerQuery);
    const last = events.at(-1);
    if (!last) break;
    journals.push(...events.flatMap(journalsOf));
    seq = last.seq + 1;
  }
  const after = asked.after ?? asked.from ?? '';
  const wanted = journals
    .filter((journal) => isOf(journal, asked.accountId))
    .filter((journal) => positionOf(journal) > after && positionOf(journal) <= asked.to)
    .sort((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));
  return pageOf(wanted, asked.limit);
};

const viewJournal = ({ id, at, currency, lines, subject, seq, type }: FoldedJournal): contracts.JournalView => ({
  id,
  at,
  currency,
  lines: lines.map(({ account, amountMinor }) => ({ accountId: account, amountMinor })),
  subject,
  seq,
  event: type,
});

/** GET /v1/ledger/journals. */
export const listJournals = operation(contracts.listJournals, async ({ caller, query, now }) => {
  const { accountId, from, subject, cursor, limit } = query;
  const to = query.to ?? dayOf(now, 'UTC');
  if (accountId !== undefined && !accountOf(accountId)) throw notFound();
  const filter = { accountId: accountId ?? null, from: from ?? null, to, subject: subject ?? null };
  const { nextCursor, ...part } = pageAsked('list-journals', caller, { limit, cursor, ...filter });
  const asked = { accountId, from, to: endOf(to), ...part };
  const page = await (subject === undefined ? journalsInOrder(asked) : ofSubject(subject, asked));
  const data = page.journals.map(viewJournal);
  return { status: 200, body: { asOf: now, data, nextCursor: nextCursor(page.after) } };
});
