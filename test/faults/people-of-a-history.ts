import type { Caller } from '#shared/core/caller.ts';
import { derivedId } from '#shared/core/ids.ts';
import { adminOf, repOf } from '#test/support/people.ts';

/** Three partners whose every word carries a mark, so that it can be told when one of them leaks to another. */
export const marks = ['mark-aleph', 'mark-bet', 'mark-gimel'] as const;
export type Mark = (typeof marks)[number];

/** The key under which each partner's application was sent makes its id. */
export const partnerIds: Map<Mark, string> = new Map();

export const partnerOf = (mark: Mark): string => partnerIds.get(mark) ?? derivedId('ptr', mark);

export const repsOf = (mark: Mark): readonly Caller[] => [repOf(partnerOf(mark)), adminOf(partnerOf(mark))];

export const applicant: Caller = { kind: 'anonymous', id: 'anonymous' };

export const customers = ['blue.example', 'red.example', 'green.example'] as const;
export const productLines = ['platform', 'analytics'] as const;
