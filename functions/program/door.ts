import { door } from '#functions/http/door.ts';
import { getProgram } from './get-program.ts';
import { publishProgram } from './publish-program.ts';

export const handler = door('program', [getProgram, publishProgram]);
