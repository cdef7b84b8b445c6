import { door } from '#functions/http/door.ts';
import { getScorecard } from './get-scorecard.ts';

export const handler = door('scorecards', [getScorecard]);
