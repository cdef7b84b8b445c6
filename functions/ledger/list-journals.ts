import { type Answer, operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import { notFound } from '#shared/core/errors.ts';
import { preferred } from '#shared/core/preferred.ts';
import { dayOf } from '#shared/core/time.ts';
import { accountOf, controlOf } from '#shared/ledger/chart.ts';
import { type FoldedJournal, journalsOf, positionOf } from '#shared/ledger/folding.ts';
import * as contracts from '#shared/ledger/ledger-contract.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { accountingClasses } from './accounting-classes.ts';
import { journalsCsv } from './journals-csv.ts';
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

/** About 5 MB as CSV: a function answers with 6 at most. */
const mostAsCsv = 10_000;

/** GET /v1/ledger/journals. As CSV, where more follow is told in the header x-next-cursor. */
export const listJournals = operation(
  contracts.listJournals,
  async ({ caller, query, accept, now }): Promise<Answer> => {
    const { accountId, from, subject, cursor, limit } = query;
    const to = query.to ?? dayOf(now, 'UTC');
    if (accountId !== undefined && !accountOf(accountId)) throw notFound();
    const filter = { accountId: accountId ?? null, from: from ?? null, to, subject: subject ?? null };
    const { nextCursor, ...part } = pageAsked('list-journals', caller, { limit, cursor, ...filter });
    const isCsv = preferred(accept, contracts.journalMedia, (name, choice) => name === choice) === 'text/csv';
    const asked = { accountId, from, to: endOf(to), ...part, ...(isCsv ? { limit: mostAsCsv } : {}) };
    const page = await (subject === undefined ? journalsInOrder(asked) : ofSubject(subject, asked));
    const data = page.journals.map(viewJournal);
    const cursorOfNext = nextCursor(page.after);
    if (!isCsv)
      return { status: 200, body: { asOf: now, data, nextCursor: cursorOfNext }, headers: { vary: 'accept' } };
    const file = journalsCsv(data, await accountingClasses(data));
    return {
      status: 200,
      content: { type: 'text/csv; charset=utf-8', data: file },
      headers: {
        vary: 'accept',
        'content-disposition': `attachment; filename="journals-to-${to}.csv"`,
        ...(cursorOfNext === null ? {} : { 'x-next-cursor': cursorOfNext }),
      },
    };
  },
);
