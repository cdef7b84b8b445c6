/** List prices of us-east-1 in US dollars, without free tiers. Where each was found, and when, stands in docs/performance.md. */
export const prices = {
  millionWriteUnits: 0.625,
  millionReadUnits: 0.125,
  millionApiRequests: 1,
  millionInvocations: 0.2,
  /** On ARM. */
  gigabyteSecond: 0.0000133334,
  millionTransitions: 25,
} as const;

/** What an invocation is billed beside its memory: time on the wall, most of which is waiting for the table. Assumed. */
const billedMs = { door: 15, worker: 25 };
const memoryGb = { door: 1, worker: 0.5 };

/** Thousandths of a dollar for 1,000 invocations. */
export const invocations = (kind: 'door' | 'worker'): number =>
  prices.millionInvocations + billedMs[kind] * memoryGb[kind] * prices.gigabyteSecond * 1000;

/** What 1,000 of something use. */
export interface Use {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Write units of the Activity table. */
  readonly factUnits: number;
  readonly apiRequests: number;
  readonly doors: number;
  readonly workers: number;
  readonly transitions: number;
}

/** Dollars for 1,000, each term of the sum by itself. */
export const costOfThousand = (use: Use) => {
  const terms = {
    table: use.writeUnits * prices.millionWriteUnits + use.readUnits * prices.millionReadUnits,
    facts: use.factUnits * prices.millionWriteUnits,
    api: use.apiRequests * prices.millionApiRequests,
    door: use.doors * invocations('door'),
    workers: use.workers * invocations('worker'),
    transitions: use.transitions * prices.millionTransitions,
  };
  const dollars = Object.values(terms).reduce((sum, term) => sum + term, 0) / 1000;
  return { ...terms, dollars };
};
