import {
  applicationReturned,
  claimsReturned,
  dealsReturned,
  disputesAnswered,
  requestsReturned,
} from './answer-tasks.ts';
import { payeeMissing, payoutFailed, taxFormNeeded } from './payout-tasks.ts';
import { plansProposed } from './plan-tasks.ts';
import { type Finding, type PartnerRecords, type Task, taskKinds } from './task.ts';
import { earlyWarnings } from './warning-tasks.ts';

/** Every way in which something becomes a partner's task; a new one is a row here, and what it looks at a member of the records. */
const findings: readonly Finding[] = [
  payeeMissing,
  payoutFailed,
  taxFormNeeded,
  applicationReturned,
  dealsReturned,
  requestsReturned,
  claimsReturned,
  disputesAnswered,
  plansProposed,
  earlyWarnings,
];

/** More than anybody looks through. */
const mostTasks = 100;

const never = '~';
const inOrder = (a: Task, b: Task): number => {
  const [one, other] = [a.dueAt ?? never, b.dueAt ?? never];
  if (one !== other) return one < other ? -1 : 1;
  return taskKinds.indexOf(a.kind) - taskKinds.indexOf(b.kind) || (a.subject.id < b.subject.id ? -1 : 1);
};

/** What a partner is to do, soonest due first and then what has no end; at most 100. */
export const tasksOf = (records: PartnerRecords): readonly Task[] =>
  findings
    .flatMap((find) => find(records))
    .sort(inOrder)
    .slice(0, mostTasks);
