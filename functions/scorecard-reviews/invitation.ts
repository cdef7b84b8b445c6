import ical from 'ical-generator';
import type { Language } from '#shared/core/languages.ts';
import { millis } from '#shared/core/time.ts';
import type { Meeting, ScorecardReview } from '#shared/scorecards/scorecard-review.ts';
import { scorecardWords } from '#shared/scorecards/scorecard-words.ts';

const msPerMinute = 60_000;

/** RFC 5545. The same entry whenever it is fetched; a later version of the review takes the place of an earlier one in the calendar. */
export const invitationOf = (
  review: ScorecardReview,
  { startsAt, durationMinutes, place }: Meeting,
  { partnerName, language }: { readonly partnerName: string; readonly language: Language },
): string => {
  const start = millis(startsAt);
  const calendar = ical({ prodId: { company: 'Tandem', product: 'Scorecards', language: language.toUpperCase() } });
  calendar.createEvent({
    id: review.id,
    sequence: review.version,
    stamp: new Date(review.updatedAt),
    start: new Date(start),
    end: new Date(start + durationMinutes * msPerMinute),
    summary: `${scorecardWords[language].review(review.quarter)}, ${partnerName}`,
    ...(place === undefined ? {} : { location: place }),
    ...(review.comment === undefined ? {} : { description: review.comment }),
  });
  return calendar.toString();
};
