import type { Quarter } from '#shared/core/quarters.ts';
import type { FactKindId } from './fact-kinds.ts';

/** What facts about the program as a whole are about, in place of a partner. */
export const company = 'company';

/** Something that happened or holds, as scores and figures see it: the event behind it says the rest. */
export interface Fact {
  /** `company` where it is about no single partner. */
  readonly partnerId: string;
  readonly kind: FactKindId;
  /** The fiscal quarter of `at`. */
  readonly quarter: Quarter;
  /** Unique within partner, quarter and kind. */
  readonly id: string;
  /** Whole, in the unit of its kind. */
  readonly value: number;
  /** Seconds since 1970 at which it happened. */
  readonly at: number;
  /** What it belongs to, such as a customer, where facts are told apart by that; the words of a profile. */
  readonly about?: string;
  /** Of two standing facts of the same second that with the greater rank stands, and 0 where nothing is said. */
  readonly rank?: number;
}
