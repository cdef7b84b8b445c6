import { notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Journal } from '#shared/core/journal.ts';
import { claimAll, replaceAll } from '#shared/documents/claim-store.ts';
import { budgetAccount, journalOf, move } from '#shared/ledger/chart.ts';
import {
  commitChange,
  findFirstTry,
  insertNew,
  type NextState,
  replaceAsRead,
  type Saved,
} from '#shared/platform/history-store.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import { Claim, type ClaimContent, holdingsOf, personalClaimFields } from './claim.ts';
import { claimFromRequest, settleWithRequest } from './request-claim-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a claim | table | pk = claim id, sk = `claim` |
 * | claims with something due | byDue | `due#<shard>`, `<instant>#<claim id>` |
 */
export const claimKey = (claimId: string): Key => ({ pk: claimId, sk: 'claim' });

/** Undefined when it is none. */
export const claimFrom = (item: Item | undefined): Claim | undefined => (item ? Claim.parse(item) : undefined);

const toItem = (claim: Claim): Item => ({
  ...claimKey(claim.id),
  kind: 'mdf-claim',
  ...claim,
  statusKey: `mdf-claims#${shardOf(claim.id)}`,
  statusSort: `${claim.status}#${claim.createdAt}#${claim.id}`,
  summary: { partnerId: claim.partnerId, ...(claim.awaits ? { awaits: claim.awaits.kind } : {}) },
  ...(claim.status === 'returned'
    ? { dueKey: `due#${shardOf(claim.id)}`, dueAt: `${claim.returnedUntil}#${claim.id}` }
    : {}),
});

/** Throws `not_found`. */
export const getClaim = async (claimId: string): Promise<Claim> => {
  const [item] = await read([claimKey(claimId)]);
  const claim = claimFrom(item);
  if (!claim) throw notFound();
  return claim;
};

/** What happened, on whose wish, and the money that moved with it. */
interface About {
  readonly type: string;
  readonly intent: Intent;
  readonly journals?: readonly Journal[];
}

const happening = (claim: Claim, about: About) => ({
  ...about,
  personalFields: personalClaimFields,
  partnerId: claim.partnerId,
});

type State = 'reserved' | 'in-review' | 'reimbursed';

/** The journal of an amount that goes from one state of the claim's budget to another; none when it is zero. */
export const moved = (
  claim: Claim,
  amountMinor: number,
  about: { readonly to: State; readonly from: State; readonly at: string },
): readonly Journal[] => {
  const account = (state: State) => budgetAccount(claim.partnerId, claim.quarter, state);
  const lines = move(amountMinor, account(about.to), account(about.from));
  const { currency } = claim.claimedAmount;
  const names = [`mdf-${about.to}`, claim.id, String(claim.version)] as const;
  return lines.length > 0 ? [journalOf(names, { at: about.at, currency, lines })] : [];
};

/**
 * Submits a claim: it moves its amount from the reservation to review and takes its documents and invoices, all or nothing. Throws
 * `mdf.budget_exceeded` when less of the reservation is left, `mdf.document_already_claimed`, `mdf.invoice_already_claimed`,
 * `state.transition_not_allowed`, `idempotency.*`.
 */
export const insertClaim = async (claim: Claim, intent: Intent): Promise<Saved<Claim>> => {
  const amountMinor = claim.claimedAmount.amountMinor;
  const journals = moved(claim, amountMinor, { to: 'in-review', from: 'reserved', at: intent.at });
  const { entity, event } = record(
    undefined,
    claim,
    happening(claim, { type: 'mdf_claim.submitted', intent, journals }),
  );
  return commitChange(undefined, {
    entity,
    event,
    writes: [
      insertNew(toItem(entity)),
      claimFromRequest(entity, intent.at),
      ...claimAll(holdingsOf(entity), entity.id, entity.partnerId),
    ],
  });
};

/** What an earlier try of this submission wrote, which came with the same content. Throws `idempotency.key_reused` when it did not. */
export const findFirstClaim = (
  claimId: string,
  intent: Intent,
  content: ClaimContent,
): Promise<Saved<Claim> | undefined> =>
  // The event holds all the rest of a claim; its documents are not shown.
  findFirstTry({ ...content, id: claimId, documents: [] } as unknown as Claim, intent);

/** The writes of a change: the claim at its version. */
export const changeClaim = (before: Claim, after: Claim, { type, intent, journals = [] }: About): NextState<Claim> => {
  const { entity, event } = record(before, after, happening(before, { type, intent, journals }));
  return { entity, event, writes: [replaceAsRead(before, toItem(entity))] };
};

/** A claim sent again: what it asks for and what it holds change with it. */
export const saveResubmission = (before: Claim, after: Claim, intent: Intent): Promise<Saved<Claim>> => {
  const more = after.claimedAmount.amountMinor - before.claimedAmount.amountMinor;
  const journals = moved(before, more, { to: 'in-review', from: 'reserved', at: intent.at });
  const change = changeClaim(before, after, { type: 'mdf_claim.submitted', intent, journals });
  const holder = { claimId: before.id, partnerId: before.partnerId };
  const writes = [
    ...change.writes,
    ...(more === 0 ? [] : [settleWithRequest(after, { reservedLeft: -more, inReview: more }, intent.at)]),
    ...replaceAll(holdingsOf(before), holdingsOf(after), holder),
  ];
  return commitChange(before, { ...change, writes });
};
