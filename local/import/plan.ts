import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What an import is going to do, worked out before anything is sent. Plain data: the same executor runs the CRM rows and the sample. */
export interface Plan {
  /** Goes into the idempotency keys, so that two imports never take each other's answers. */
  readonly source: 'crm' | 'sample';
  readonly currency: string;
  readonly partners: readonly PlannedPartner[];
  readonly registrations: readonly Registration[];
  readonly closes: readonly Close[];
  /** Every row of the source that leads to nothing, with the reason. */
  readonly unusable: readonly UnusableRow[];
  /** Rows in the source, usable or not. */
  readonly rowCount: number;
}

export interface PlannedPartner {
  readonly key: string;
  readonly name: string;
  readonly websiteUrl: string;
  readonly types: readonly string[];
  readonly region: string;
  readonly contact: { readonly firstName: string; readonly lastName: string; readonly email: string };
  /** Name of the partner manager who owns the partner and decides on its registrations. */
  readonly manager: string;
}

export interface Registration {
  readonly rowId: string;
  readonly at: string;
  readonly partnerKey: string;
  readonly customer: { readonly companyName: string; readonly websiteUrl: string; readonly countryCode: string };
  readonly productLine: string;
  readonly valueMinor: number;
  readonly expectedCloseDate: string;
  /** Set where a registration that needs a person is to wait in the inbox instead of being approved at once. */
  readonly leftToPeople?: true;
}

export interface Close {
  readonly rowId: string;
  readonly at: string;
  readonly partnerKey: string;
  readonly lane: string;
  readonly closedOn: string;
  readonly result:
    | { readonly outcome: 'won'; readonly valueMinor: number; readonly invoicePaidOn: string }
    | { readonly outcome: 'lost' };
}

export interface UnusableRow {
  readonly rowId: string;
  /** Key of the partner, or the agent as written where no partner is meant. */
  readonly partnerKey: string;
  readonly reason: string;
}

/** All that happens at one instant: closes come first, so that a customer freed today can be registered today. */
export interface Moment {
  readonly at: string;
  readonly closes: readonly Close[];
  readonly registrations: readonly Registration[];
}

/** Requests of one lane compete for the same lock and must go in order; those of different lanes cannot meet. */
export const laneOf = (of: {
  readonly customer: { readonly websiteUrl: string };
  readonly productLine: string;
}): string => `${of.customer.websiteUrl} ${of.productLine}`;

const byRowId = (a: { readonly rowId: string }, b: { readonly rowId: string }): number => (a.rowId < b.rowId ? -1 : 1);

/** The plan as instants in order; within one, closes and registrations each by row id. */
export function momentsOf(plan: Plan): readonly Moment[] {
  const closes = Map.groupBy([...plan.closes].sort(byRowId), (one) => one.at);
  const registrations = Map.groupBy([...plan.registrations].sort(byRowId), (one) => one.at);
  return [...new Set([...closes.keys(), ...registrations.keys()])].sort().map((at) => ({
    at,
    closes: closes.get(at) ?? [],
    registrations: registrations.get(at) ?? [],
  }));
}

/** Tells whether a journal was written for this very plan. */
export const planHash = (plan: Plan): string =>
  createHash('sha256')
    .update(canonicalize(plan) ?? '')
    .digest('hex');

/** What a plan is about to do, in words. */
export function planFigures(plan: Plan): string {
  const moments = momentsOf(plan);
  const reasons = Map.groupBy(plan.unusable, (row) => row.reason);
  const unusable = [...reasons].map(([reason, rows]) => `${reason} ${rows.length}`).join(', ') || 'none';
  return [
    `${plan.rowCount} rows: ${plan.registrations.length} to register, ${plan.closes.length} of them to close; not usable: ${unusable}`,
    `${plan.partners.length} partners; ${moments.length} days from ${moments[0]?.at.slice(0, 10)} to ${moments.at(-1)?.at.slice(0, 10)}`,
  ].join('\n');
}
