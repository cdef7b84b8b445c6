import { door } from '#functions/http/door.ts';
import { reportFacts } from './report-facts.ts';

export const handler = door('facts', [reportFacts]);
