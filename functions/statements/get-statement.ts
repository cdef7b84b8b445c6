import { type Answer, operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { notFound } from '#shared/core/errors.ts';
import { languageFor } from '#shared/core/languages.ts';
import { preferred } from '#shared/core/preferred.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { getPayeeVersion } from '#shared/payouts/payee-store.ts';
import type { Statement } from '#shared/payouts/payout.ts';
import * as contracts from '#shared/payouts/statement-contract.ts';
import { statementOf } from '#shared/payouts/statement-of.ts';
import { nominalEnd, statementSpan } from '#shared/payouts/statement-period.ts';
import { listStatements } from '#shared/payouts/statement-store.ts';
import { viewStatement } from '#shared/payouts/statement-view.ts';
import type { Program } from '#shared/program/program.ts';
import { findProgramAt, programAt } from '#shared/program/program-store.ts';
import { statementCsv } from './statement-csv.ts';
import { statementPdf } from './statement-pdf.ts';

const everything = { keep: () => true, after: undefined, limit: Number.POSITIVE_INFINITY };

/** Of the account that a statement is paid to, by the details that it was frozen with. */
const accountEnd = async (partnerId: string, statement: Statement | undefined): Promise<string | undefined> => {
  const version = statement?.payout.payeeVersion;
  return version === undefined ? undefined : (await getPayeeVersion(partnerId, version)).payee.lastFour;
};

/** The rules that were in force at its end; before there were any, those of now. */
const programOf = async (period: string, now: string): Promise<Program> => {
  const end = nominalEnd(period);
  const then = end < now ? await findProgramAt(end) : undefined;
  return (then ?? (await programAt(now))).program;
};

type Media = (typeof contracts.statementMedia)[number];

const answerAs = async (media: Media, view: contracts.StatementView, timeZone: string): Promise<Partial<Answer>> => {
  if (media === 'application/json') return { body: view };
  const file = media === 'text/csv' ? 'csv' : 'pdf';
  const data = media === 'text/csv' ? statementCsv(view) : await statementPdf(view, timeZone);
  const type = media === 'text/csv' ? 'text/csv; charset=utf-8' : media;
  const disposition = `attachment; filename="statement-${view.partnerId}-${view.period}.${file}"`;
  return { content: { type, data }, headers: { 'content-disposition': disposition } };
};

/** GET /v1/statements/{partnerId}/{period}. A period that has not begun is not there; one that nothing happened in is. */
export const getStatement = operation(contracts.getStatement, async (request): Promise<Answer> => {
  const { caller, params, now } = request;
  const { partnerId, period } = params;
  mustReach('get-statement', caller, partnerId);
  const [partner, program] = await Promise.all([getPartner(partnerId), programOf(period, now)]);
  const span = statementSpan(period, program);
  if (span.begins > now) throw notFound();
  const [{ earnings }, statements] = await Promise.all([
    listEarningsOfPartner({ partnerId, ...everything }),
    listStatements(partnerId),
  ]);
  const account = statementOf({ earnings, statements }, span, now);
  const view = viewStatement(account, {
    partnerId,
    partnerName: partner.company.name,
    currency: program.currency,
    span,
    language: languageFor(request.acceptLanguage),
    accountEndsWith: await accountEnd(partnerId, account.statement),
  });
  const media = preferred(request.accept, contracts.statementMedia, (name, choice) => name === choice);
  const answer = await answerAs(media, view, program.timeZone);
  const headers = { vary: 'accept, accept-language', 'content-language': view.language, ...answer.headers };
  return { status: 200, ...answer, headers };
});
