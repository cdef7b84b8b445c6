import { fingerprint } from '#shared/core/ids.ts';

/** Enough to tell the few things that a program offers apart: every byte is read for every partner. Two of one name would only hide that one is not used. */
const length = 4;

/** What a fact is about that says that something the program offers was used: a rule of its incentives, or a type of activity. */
export const useName = (what: 'incentive' | 'activity', id: string): string => fingerprint(what, id).slice(0, length);
