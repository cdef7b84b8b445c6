import {
  effectsOnce,
  gatesCount,
  inTime,
  nothingStuck,
  oneEventForEachChange,
  onlyWhatWaitsIsAsked,
} from './effect-oracles.ts';
import { rootsHold, verifiedIsKept } from './file-oracles.ts';
import {
  asUndisturbed,
  eachRunIsRight,
  factsFollowEvents,
  publishedStays,
  runsEnd,
  scoredOnce,
  tiersFollowOnce,
  toldFactsAreThere,
} from './health-oracles.ts';
import { logsTellNothing, nothingOfOthers } from './leak-oracle.ts';
import {
  booksAgree,
  earnedAsReckoned,
  neverOverspent,
  refusedRightly,
  salesAreKnown,
  settledAsReckoned,
  usedOnce,
} from './money-oracles.ts';
import {
  acknowledgedIsThere,
  alongTheLifecycle,
  fourEyes,
  nothingDoneIsRefused,
  type Oracle,
  oneLiveRegistration,
} from './oracles.ts';
import {
  approvedFirst,
  cleanEyes,
  manifestHolds,
  paidAsDue,
  resolvedByTwo,
  runsByOthers,
  runsRest,
  transferredOnce,
} from './payout-oracles.ts';
import type { Recording } from './recording.ts';

const oracles: readonly Oracle[] = [
  gatesCount,
  oneLiveRegistration,
  alongTheLifecycle,
  acknowledgedIsThere,
  nothingDoneIsRefused,
  oneEventForEachChange,
  effectsOnce,
  onlyWhatWaitsIsAsked,
  inTime,
  fourEyes,
  nothingOfOthers,
  logsTellNothing,
  nothingStuck,
  booksAgree,
  neverOverspent,
  refusedRightly,
  earnedAsReckoned,
  settledAsReckoned,
  salesAreKnown,
  usedOnce,
  manifestHolds,
  approvedFirst,
  runsByOthers,
  cleanEyes,
  paidAsDue,
  resolvedByTwo,
  transferredOnce,
  runsRest,
  toldFactsAreThere,
  factsFollowEvents,
  scoredOnce,
  publishedStays,
  runsEnd,
  eachRunIsRight,
  tiersFollowOnce,
  asUndisturbed,
  verifiedIsKept,
  rootsHold,
];

/** Everything that is wrong with a history. */
export const violationsOf = (recording: Recording): readonly string[] => oracles.flatMap((oracle) => oracle(recording));
