import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { viewEarning } from '#shared/earnings/earning-contract.ts';
import { changeEarning } from '#shared/earnings/earning-store.ts';
import { disputeLine } from '#shared/earnings/line-dispute.ts';
import { findStatement } from '#shared/payouts/statement-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { getVisibleEarning } from './visible-earning.ts';

/** When the statement that a line stands on was closed; undefined while it is open. */
const closeOf = async ({ partnerId, statement, amount }: Earning): Promise<string | undefined> => {
  if (statement === undefined) return undefined;
  const found = await findStatement({ partnerId, currency: amount.currency, period: statement });
  return found && found.payout.status !== 'open' ? found.payout.createdAt : undefined;
};

/** POST /v1/earnings/{earningId}/dispute */
export const disputeEarning = operation(contracts.disputeEarning, (request) =>
  answerChange(request, async () => {
    const { caller, params, body, intent, now } = request;
    const earning = await getVisibleEarning('dispute-earning', caller, params.earningId);
    return {
      before: earning,
      status: 202,
      save: async () => {
        const [{ program }, closedAt] = await Promise.all([programAt(now), closeOf(earning)]);
        const disputed = disputeLine(earning, { ...body, by: caller.id, now, closedAt }, program.payouts);
        return commitChange(earning, changeEarning(earning, disputed, intent));
      },
      view: (it) => viewEarning(it, now),
    };
  }),
);
