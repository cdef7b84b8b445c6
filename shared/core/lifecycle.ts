import { DomainError } from './errors.ts';

/** For each status, the statuses that may follow it. A status that is missing here ends the life of the thing. */
export type Lifecycle<Status extends string> = Readonly<Record<Status, readonly Status[]>>;

/** The one way a status changes. Throws `state.transition_not_allowed` with both statuses and what would be allowed. */
export const moveTo = <Status extends string>(lifecycle: Lifecycle<Status>, from: Status, to: Status): Status => {
  if (lifecycle[from].includes(to)) return to;
  throw new DomainError(
    'conflict',
    'state.transition_not_allowed',
    `What is ${from} cannot become ${to}; from here it can become ${lifecycle[from].join(' or ') || 'nothing else'}.`,
    { facts: { status: from, allowed: lifecycle[from] } },
  );
};
