import { randomUUID } from 'node:crypto';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { approveRequest } from '#shared/mdf/request-life.ts';
import { getRequest, reserveForRequest } from '#shared/mdf/request-store.ts';
import { commit } from '#shared/platform/history-store.ts';
import { anActivePartner } from '#test/deals/a-deal.ts';
import { now } from '#test/deals/at-the-deals-door.ts';
import { aFullClaim, afterEvent, aSubmittedClaim, claim } from '#test/mdf/a-claim.ts';
import { anApprovedRequest, aPlanFor, aSubmittedRequest, grant, submit } from '#test/mdf/a-fund-request.ts';
import { aProgram } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { repOf, finance as someFinance, manager as someManager } from '#test/support/people.ts';
import type { Scenario } from './ops.ts';

// Ids are as long as real ones, because what is measured is bytes.
const manager = { ...someManager, id: derivedId('usr', 'manager') };
const finance = { ...someFinance, id: derivedId('usr', 'finance') };
const partner = () => anActivePartner(derivedId('ptr', randomUUID()));
const realRepOf = (partnerId: string) => ({ ...repOf(partnerId), id: derivedId('usr', partnerId) });

const changing = { success: 2, replay: 2, refusal: 2 };
const creating = { success: 1, replay: 1, refusal: 1 };

/** The reservation alone, without the decision that it is written with. */
const reserve = async (requestId: string): Promise<undefined> => {
  const { request } = await getRequest(requestId);
  const approved = approveRequest({ ...request, status: 'submitted' }, request.requestedAmount, {
    now,
    program: aProgram(),
  });
  const { event, writes } = reserveForRequest(request, approved, systemIntent('reserve', requestId, now));
  await commit([event], writes).catch((error: unknown) => error);
  return undefined;
};

const deciding = (make: () => Promise<string>, by: typeof manager, at: string) => async () => {
  const approvalId = await anOpenApproval(await make(), at);
  return (key: string) => decide(approvalId, { caller: by, at, key });
};
const decidingWrongly = (make: () => Promise<string>, by: typeof manager, at: string) => async () => {
  const approvalId = await anOpenApproval(await make(), at);
  return () => decide(approvalId, { caller: by, at });
};

const aRequest = async () => aSubmittedRequest(await partner());
const aClaim = async () => (await aSubmittedClaim(await partner())).claimId;

const claiming = async () => {
  const partnerId = await partner();
  const requestId = await anApprovedRequest(partnerId);
  const body = await aFullClaim(partnerId);
  return { partnerId, requestId, body, caller: realRepOf(partnerId) };
};

/** Market development funds: what a partner asks, what is decided, what is claimed. */
export const mdfScenarios: readonly Scenario[] = [
  {
    command: 'fund request submitted',
    requests: creating,
    arrange: async () => {
      const partnerId = await partner();
      await grant(partnerId, 1_000_000);
      return (key) => submit(partnerId, undefined, { caller: realRepOf(partnerId), key });
    },
    refused: async () => {
      const partnerId = await partner();
      await grant(partnerId, 1_000);
      return () => submit(partnerId, aPlanFor(1_001));
    },
  },
  {
    command: 'budget reserved, without the decision',
    requests: changing,
    arrange: async () => {
      const requestId = await aRequest();
      return () => reserve(requestId);
    },
    refused: async () => {
      const requestId = await aRequest();
      await reserve(requestId);
      return () => reserve(requestId);
    },
    mustUnits: 9,
    stretchUnits: 9,
  },
  {
    command: 'fund request approved by a decision',
    requests: changing,
    arrange: deciding(aRequest, manager, now),
    refused: decidingWrongly(aRequest, finance, now),
  },
  {
    command: 'claim with 3 documents submitted',
    requests: changing,
    at: afterEvent,
    refusedAt: afterEvent,
    arrange: async () => {
      const { partnerId, requestId, body, caller } = await claiming();
      return (key) => claim(partnerId, requestId, body, { caller, key });
    },
    refused: async () => {
      const { partnerId, requestId, body } = await claiming();
      await claim(partnerId, requestId, body);
      return () => claim(partnerId, requestId, body);
    },
    mustUnits: 18,
    stretchUnits: 14,
  },
  {
    command: 'claim approved by a decision',
    requests: changing,
    at: afterEvent,
    refusedAt: afterEvent,
    arrange: deciding(aClaim, finance, afterEvent),
    refused: decidingWrongly(aClaim, manager, afterEvent),
  },
];
