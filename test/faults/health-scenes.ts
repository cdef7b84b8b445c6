import { finance, manager } from '#test/support/people.ts';
import { marks, partnerOf, repsOf } from './people-of-a-history.ts';
import type { Play, Scene } from './scripted-history.ts';
import { integration } from './start-of-health.ts';

/** What becomes of quarters and tiers, one thing after the other; it begins where histories of quarters begin, on the day that the last one is scored. */
const dayMs = 86_400_000;
const quarter = '2026-Q2';

const ofFirst = () => ({ partnerId: partnerOf(marks[0]) });

/** What each scene must bring about: so that it does what its words say. */
export const outcomesOfHealth: Readonly<Record<string, readonly string[]>> = {
  'a quarter is scored, published and corrected': [
    'scoring_run.completed',
    'health.scored',
    'partner.tier_changed',
    'quarter.published',
    'partner.assessed',
    'health.corrected',
  ],
  'of two tiers under notice one is kept by an appeal, the other lost': [
    'fact.reported',
    'partner.tier_notice_given',
    'partner.tier_appealed',
    'partner.tier_appeal_reminded',
    'partner.tier_appeal_upheld',
    'partner.tier_changed',
  ],
};

/** Two partners have nobody who is certified any more, of which the next quarter's figures tell. */
const loseEverybody = async ({ ask, pass, run, recover, opened }: Play): Promise<void> => {
  await run('score-quarter');
  pass(dayMs);
  const occurredAt = new Date(opened.clock.ms - dayMs / 2).toISOString();
  const facts = marks.slice(0, 2).map((mark) => {
    return { id: `nobody-of-${mark}`, kind: 'certified.people', partnerId: partnerOf(mark), value: 0, occurredAt };
  });
  await ask('report-facts', integration('one'), { body: { source: 'academy', facts } });
  pass(92 * dayMs);
  await run('score-quarter');
  await recover();
};

/** What each scene is about, in words. */
export const scenesOfHealth: Readonly<Record<string, Scene>> = {
  'a quarter is scored, published and corrected': async ({ ask, run, recover }) => {
    await run('score-quarter');
    await recover();
    await ask('publish-quarter', manager, { params: { quarter }, body: {} });
    const params = { ...ofFirst(), quarter };
    const [rep = finance] = repsOf(marks[0]);
    await ask('get-health', rep, { params });
    await ask('assess-partner', manager, { params, body: { relationship: { score: 2, note: 'Late.' } } });
    await ask('start-scoring-run', manager, { body: { quarter, reason: 'Judged late.' } });
    await recover();
    await ask('get-health', rep, { params });
    await ask('get-health', rep, { params, query: { revision: '1' } });
  },
  'of two tiers under notice one is kept by an appeal, the other lost': async (play) => {
    await loseEverybody(play);
    const [rep = finance] = repsOf(marks[0]);
    await play.ask('appeal-tier', rep, { params: ofFirst(), body: { reason: 'They come back.' } });
    play.pass(8 * dayMs);
    await play.sweep();
    const body = { outcome: 'uphold', reason: 'They do.', tierUntil: '2026-12-31' };
    const seen = await play.ask('get-partner', manager, { params: ofFirst() });
    await play.ask('answer-tier-appeal', manager, { params: ofFirst(), body, ifMatch: seen?.version });
    for (const days of [22, 30, 30]) {
      play.pass(days * dayMs);
      await play.sweep();
    }
  },
};
