import { type FactsByKind, ofKind } from './facts-by-kind.ts';
import type { Span } from './periods.ts';

/** When a partner was in the program. */
export interface Membership {
  /** Whether it was by this second. */
  readonly isIn: (second: number) => boolean;
  readonly leftWithin: (span: Span) => boolean;
}

const latest = (facts: FactsByKind, kind: 'partner.activated' | 'partner.left'): number =>
  ofKind(facts, kind).reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY);

/**
 * By its status as it is, and the facts of when it became active and when it left. One whose activation has expired came before
 * anything that is looked at, one whose leaving has expired left before it.
 */
export const membershipOf = (status: string, facts: FactsByKind): Membership => {
  const isThere = status === 'active' || status === 'suspended';
  const came = latest(facts, 'partner.activated');
  const left = isThere ? Number.POSITIVE_INFINITY : latest(facts, 'partner.left');
  const wasThere = isThere || status === 'terminated';
  return {
    isIn: (second) => wasThere && came < second && left >= second,
    leftWithin: ({ from, until }) => left >= from && left < until,
  };
};
