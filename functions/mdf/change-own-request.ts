import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import type { Answer } from '#functions/http/door.ts';
import { type Operation, reaches } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import { viewRequest } from '#shared/mdf/mdf-view.ts';
import type { Terms } from '#shared/mdf/request-life.ts';
import { changeRequest, type FundedRequest, getRequest, type RequestChange } from '#shared/mdf/request-store.ts';
import { checkIntent, commitChange, entityAt } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** The part of a HTTP request that every change of an existing fund request needs. */
interface ChangeRequest {
  readonly caller: Caller;
  readonly now: string;
  readonly params: { readonly requestId: string };
  readonly seen: { readonly version: number | undefined; readonly required: boolean };
  readonly intent: Intent;
}

/** What a change is called, and what it makes of the fund request. */
interface RequestDecision {
  readonly operation: Operation;
  readonly type: string;
  readonly decide: (request: FundRequest, terms: Terms) => FundRequest;
  /** What else must hold, in the same transaction. */
  readonly onlyIf?: (after: FundRequest) => RequestChange['writes'];
}

/** The fund request, if the caller may see it. Throws `not_found`, for another partner's too. */
export const getVisibleRequest = async (
  operation: Operation,
  caller: Caller,
  requestId: string,
): Promise<FundedRequest> => {
  const found = await getRequest(requestId);
  if (!reaches(operation, caller, found.request.partnerId)) throw notFound();
  return found;
};

const change = async (asked: ChangeRequest, decision: RequestDecision): Promise<Answer> => {
  const { intent, now } = asked;
  const { request, balances } = await getVisibleRequest(decision.operation, asked.caller, asked.params.requestId);
  const done = checkIntent(request, intent, asked.seen);
  if (done !== undefined) {
    const then = await entityAt(request, done);
    return { status: 200, body: viewRequest({ request: then, balances }, now), version: done, replayed: true };
  }
  const after = decision.decide(request, await programAt(now));
  const next = changeRequest(request, after, { type: decision.type, intent });
  const writes = [...next.writes, ...(decision.onlyIf?.(after) ?? [])];
  const { entity, replayed } = await commitChange(request, { ...next, writes });
  return { status: 200, body: viewRequest({ request: entity, balances }, now), version: entity.version, replayed };
};

/** Load, decide, save, return: the one sentence of every command on an existing fund request. */
export const changeOwnRequest = (asked: ChangeRequest, decision: RequestDecision): Promise<Answer> =>
  againUnlessSeen(asked.seen, () => change(asked, decision));
