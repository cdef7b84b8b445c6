import { operation } from '#functions/http/door.ts';
import { languageFor } from '#shared/core/languages.ts';
import { type Earning, statusAt } from '#shared/earnings/earning.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { listPartners } from '#shared/partners/partner-store.ts';
import * as contracts from '#shared/payouts/statement-contract.ts';
import { readStatements } from '#shared/payouts/statement-store.ts';
import { statementWords } from '#shared/payouts/statement-words.ts';
import { openOverview } from '#shared/payouts/statements-overview.ts';
import { programAt } from '#shared/program/program-store.ts';

const partnersAtOnce = 25;

/** GET /v1/statements/overview: one query a partner, some partners at a time. */
export const getStatementsOverview = operation(
  contracts.getStatementsOverview,
  async ({ query, acceptLanguage, now }) => {
    const { program } = await programAt(now);
    const { currency } = program;
    const overview = openOverview(now);
    const isHeld = (earning: Earning): boolean => statusAt(earning, now) === 'on_hold';
    let after: string | undefined;
    do {
      const page = await listPartners({ filter: {}, after, limit: partnersAtOnce });
      const ids = page.partners.map(({ id }) => id);
      const [held, statements] = await Promise.all([
        Promise.all(
          ids.map((partnerId) => listEarningsOfPartner({ partnerId, keep: isHeld, after: undefined, limit: Infinity })),
        ),
        readStatements(ids.map((partnerId) => ({ partnerId, currency, period: query.period }))),
      ]);
      for (const { earnings } of held) earnings.forEach(overview.takeEarning);
      statements.forEach(overview.takeStatement);
      after = page.after;
    } while (after !== undefined);
    const words = statementWords[languageFor(acceptLanguage)];
    const money = (amountMinor: number) => ({ amountMinor, currency });
    const { aging, disputes, statuses, exceptions } = overview;
    const body: contracts.StatementsOverview = {
      asOf: now,
      period: query.period,
      statements: [...statuses].sort().map(([status, sum]) => {
        return { status, count: sum.count, due: money(sum.amountMinor) };
      }),
      exceptions: exceptions.map(({ amountMinor, reasons, ...exception }) => ({
        ...exception,
        due: money(amountMinor),
        reasons: reasons.map((code) => ({ code, text: words.carryReasons[code] })),
      })),
      onHold: aging.map(({ name, count, amountMinor }) => ({ days: name, count, amount: money(amountMinor) })),
      disputed: { count: disputes.count, amount: money(disputes.amountMinor) },
    };
    return { status: 200, body, headers: { vary: 'accept-language' } };
  },
);
