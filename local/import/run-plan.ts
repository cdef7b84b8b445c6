import * as z from 'zod';
import { type Api, ask, codeOf, readAnswer } from '#local/import/api-client.ts';
import { approve } from '#local/import/approve.ts';
import { ImportError } from '#local/import/import-error.ts';
import { inLanes } from '#local/import/in-lanes.ts';
import { closeStep, type Journal, type JournalEntry, registrationStep } from '#local/import/journal.ts';
import type { Laptop } from '#local/import/laptop.ts';
import { adminOf, managerOf } from '#local/import/onboard-partners.ts';
import {
  type Close,
  laneOf,
  type Moment,
  momentsOf,
  type Plan,
  type PlannedPartner,
  type Registration,
} from '#local/import/plan.ts';

const Deal = z.object({ id: z.string(), status: z.string(), protectedUntil: z.string().optional() });

export interface Execution {
  readonly api: Api;
  readonly laptop: Laptop;
  readonly plan: Plan;
  readonly journal: Journal;
  /** Partner ids by the plan's keys. */
  readonly partnerIds: ReadonlyMap<string, string>;
  /** Lanes at a time. */
  readonly width: number;
  readonly onMoment: (progress: { readonly done: number; readonly of: number; readonly at: string }) => void;
  /** What others do before a moment comes; it may move the clock, up to that moment. */
  readonly beforeMoment?: ((at: string) => Promise<void>) | undefined;
}

/** What is refused by a rule of the program is an outcome; anything else is a reason to stop. */
const isRefusal = (status: number): boolean => status === 409 || status === 422;

const sourceNotes = (rowId: string): string =>
  `Imported opportunity ${rowId}: found, qualified and introduced by the partner.`;

function partnerOf(
  { plan, partnerIds }: Execution,
  key: string,
): { readonly partner: PlannedPartner; readonly id: string } {
  const partner = plan.partners.find((one) => one.key === key);
  const id = partnerIds.get(key);
  if (!partner || !id) throw new Error(`The plan registers a deal of ${key}, which is none of its partners.`);
  return { partner, id };
}

export function registrationBody(plan: Plan, one: Registration, partner: PlannedPartner) {
  return {
    customer: one.customer,
    productLine: one.productLine,
    dealType: 'new',
    value: { amountMinor: one.valueMinor, currency: plan.currency },
    expectedCloseDate: one.expectedCloseDate,
    contacts: [partner.contact],
    rep: { name: `${partner.contact.firstName} ${partner.contact.lastName}`, email: partner.contact.email },
    sourceNotes: sourceNotes(one.rowId),
  };
}

async function register(execution: Execution, one: Registration): Promise<void> {
  const { api, laptop, plan, journal } = execution;
  const { partner, id } = partnerOf(execution, one.partnerKey);
  const request = {
    method: 'POST',
    path: '/v1/deals',
    token: await laptop.signIn(adminOf(partner, id)),
    body: registrationBody(plan, one, partner),
    idempotencyKey: `${plan.source}-register-${one.rowId}`,
  } as const;
  const entry = { step: registrationStep(one.rowId), at: one.at };
  const answer = await api.send(request);
  if (isRefusal(answer.status)) return journal.add({ ...entry, outcome: 'refused', reason: codeOf(answer) });
  const first = readAnswer(request, answer, Deal);
  if (first.status === 'submitted' && one.leftToPeople)
    return journal.add({ ...entry, outcome: 'submitted', deal: first.id });
  const deal = first.status === 'submitted' ? await approveDeal(execution, first.id, partner) : first;
  const until = deal.protectedUntil === undefined ? {} : { protectedUntil: deal.protectedUntil };
  journal.add({ ...entry, outcome: 'approved', deal: deal.id, ...until });
}

/** The owner approves at once. A repeat after a kill finds the deal approved already. */
async function approveDeal(
  { api, laptop, plan }: Execution,
  dealId: string,
  partner: PlannedPartner,
): Promise<z.infer<typeof Deal>> {
  const token = await laptop.signIn(managerOf(partner.manager));
  const read = () => ask(api, { method: 'GET', path: `/v1/deals/${dealId}`, token }, Deal);
  if ((await read()).status === 'submitted') {
    const idempotencyKey = `${plan.source}-approve-${dealId}`;
    await approve(api, { kind: 'deal_registration', subjectId: dealId, token, idempotencyKey });
  }
  return read();
}

/** Why a close cannot even be tried, or the deal it is about. */
function dealToClose(journal: Journal, one: Close): JournalEntry | 'not-there-yet' | 'registration-refused' {
  const registration = journal.find(registrationStep(one.rowId));
  if (!registration) return 'not-there-yet';
  return registration.deal === undefined ? 'registration-refused' : registration;
}

function closeBody(plan: Plan, { closedOn, result }: Close) {
  if (result.outcome === 'lost')
    return { outcome: 'lost', closedOn, lossReason: 'Lost in the CRM; no reason was recorded.' };
  const value = { amountMinor: result.valueMinor, currency: plan.currency };
  return { outcome: 'won', closedOn, value, invoicePaidOn: result.invoicePaidOn };
}

async function close(execution: Execution, one: Close): Promise<void> {
  const { api, laptop, plan, journal } = execution;
  const registration = dealToClose(journal, one);
  const entry = { step: closeStep(one.rowId), at: one.at };
  if (typeof registration === 'string') return journal.add({ ...entry, outcome: 'refused', reason: registration });
  const { partner } = partnerOf(execution, one.partnerKey);
  const request = {
    method: 'POST',
    path: `/v1/deals/${registration.deal}/close`,
    token: await laptop.signIn(managerOf(partner.manager)),
    body: closeBody(plan, one),
    idempotencyKey: `${plan.source}-close-${one.rowId}`,
  } as const;
  const answer = await api.send(request);
  if (isRefusal(answer.status)) {
    const expired = registration.protectedUntil !== undefined && registration.protectedUntil <= one.at;
    return journal.add({ ...entry, outcome: 'refused', reason: expired ? 'expired' : codeOf(answer) });
  }
  readAnswer(request, answer, Deal);
  journal.add({ ...entry, outcome: one.result.outcome });
}

/** What of a moment is not in the journal yet. */
const leftOf = (journal: Journal, moment: Moment): Moment => ({
  at: moment.at,
  closes: moment.closes.filter((one) => !journal.find(closeStep(one.rowId))),
  registrations: moment.registrations.filter((one) => !journal.find(registrationStep(one.rowId))),
});

async function liveThrough(execution: Execution, moment: Moment): Promise<void> {
  const { journal, width } = execution;
  await execution.beforeMoment?.(moment.at);
  await execution.laptop.moveTo(moment.at);
  await inLanes(moment.closes, { width, laneOf: (one) => one.lane }, (one) => close(execution, one)).finally(
    journal.flush,
  );
  await inLanes(moment.registrations, { width, laneOf }, (one) => register(execution, one)).finally(journal.flush);
}

/** Time that is past cannot be lived again: rows would be answered as of now, and the outcome would be another. */
async function refuseThePast({ laptop, plan }: Execution, next: Moment): Promise<void> {
  const now = await laptop.now();
  if (now <= next.at) return;
  throw new ImportError(
    `The system's clock stands at ${now}, already past ${next.at}, where this import (${plan.source}) would go on.`,
    'Was it imported before? Then give that journal with --journal. Otherwise start an empty system at an earlier time: npm start -- --ephemeral --empty --program FILE --clock INSTANT.',
  );
}

/** Does everything in the plan that the journal does not have yet, in time order. Throws ImportError where a person must help. */
export async function runPlan(execution: Execution): Promise<void> {
  const { journal, plan, onMoment } = execution;
  const moments = momentsOf(plan);
  const left = moments
    .map((moment) => leftOf(journal, moment))
    .filter((one) => one.closes.length + one.registrations.length > 0);
  const [next] = left;
  if (next) await refuseThePast(execution, next);
  for (const [index, moment] of left.entries()) {
    onMoment({ done: moments.length - left.length + index, of: moments.length, at: moment.at });
    await liveThrough(execution, moment);
  }
}
