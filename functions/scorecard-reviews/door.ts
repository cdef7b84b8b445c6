import { door } from '#functions/http/door.ts';
import { acknowledgeScorecard } from './acknowledge-scorecard.ts';
import { getScorecardInvitation } from './get-scorecard-invitation.ts';
import { reviewScorecard } from './review-scorecard.ts';

export const handler = door('scorecard-reviews', [reviewScorecard, acknowledgeScorecard, getScorecardInvitation]);
