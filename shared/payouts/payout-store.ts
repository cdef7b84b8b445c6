import { type Intent, record } from '#shared/core/history.ts';
import type { Journal } from '#shared/core/journal.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { type NextState, stale } from '#shared/platform/history-store.ts';
import type { Write } from '#shared/platform/table.ts';
import { type Carried, type Payout, payoutLifecycle, type Statement } from './payout.ts';
import { bringForward, replaceStatement } from './statement-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | change a payout, which is its statement | table | pk = partner id, sk = `statement#<currency>#<period>` |
 * | its history | table | pk = payout id, sk from `event#` |
 */
interface About {
  readonly type: string;
  readonly intent: Intent;
  readonly journals?: readonly Journal[];
  /** What it is carried to counts as too little for longer already. */
  readonly countsLonger?: boolean;
}

/** Reasons, references and who said what may speak of persons. */
const personalPayoutFields: readonly string[] = ['reason', 'proposal'];

const carryWrites = (
  { payout, since }: Statement,
  { to, reasons, ...parts }: Carried,
  countsLonger: boolean,
): readonly Write[] => {
  if (to === undefined) return [];
  const { partnerId, currency, period } = payout;
  // From when on it counts as too little is kept when it is carried for another reason.
  const from = reasons.includes('below_minimum') ? (since ?? period) : since;
  return [bringForward({ partnerId, currency, period: to }, parts, countsLonger ? undefined : from)];
};

/**
 * The next state of a payout with its event, and what goes to another statement with it. Throws `state.transition_not_allowed`; refused
 * with `version.stale`, also when something accrued since it was read, and `statement.closed` when the other statement is, `statement.counts_longer` as
 * `bringForward` is.
 */
export const changePayout = (
  before: Statement,
  after: Payout,
  { type, intent, journals = [], countsLonger = false }: About,
): NextState<Payout> => {
  const from = before.payout;
  if (from.status !== after.status) moveTo(payoutLifecycle, from.status, after.status);
  const { entity, event } = record(from.version === 0 ? undefined : from, after, {
    type,
    intent,
    journals,
    partnerId: after.partnerId,
    personalFields: personalPayoutFields,
  });
  const own = replaceStatement(before, entity, (image) => stale(image && Number(image.version ?? 0)));
  const fresh = (entity.carriedOut ?? []).slice(from.carriedOut?.length ?? 0);
  return { entity, event, writes: [own, ...fresh.flatMap((carried) => carryWrites(before, carried, countsLonger))] };
};
