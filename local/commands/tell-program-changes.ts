import type { ProgramChange } from '#shared/program/program-changes.ts';
import { noticeDays } from '#shared/program/publish-version.ts';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What changes from one program file to another, one line each; what takes something away from partners is marked. */
export const tellProgramChanges = (changes: readonly ProgramChange[]): readonly string[] => {
  if (changes.length === 0) return ['Nothing changes.'];
  const taken = changes.filter(({ takesAway }) => takesAway).length;
  const notice =
    taken === 0
      ? 'none takes anything away from partners, so it may take effect at once'
      : `${taken} of which ${taken === 1 ? 'takes' : 'take'} something away from partners, so it needs ${noticeDays} days’ notice`;
  return [
    ...changes.map(({ text, takesAway }) => `${takesAway ? 'takes away' : '          '}  ${text}`),
    `${counted(changes.length, 'change')}; ${notice}.`,
  ];
};
