import { isCode } from '#shared/core/errors.ts';
import { type Intent, systemIntent } from '#shared/core/history.ts';
import type { Journal } from '#shared/core/journal.ts';
import { commitChange, type Saved, stale } from '#shared/platform/history-store.ts';
import type { Payout, PayoutStatus, Statement } from './payout.ts';
import { failJournals, payJournals, sendJournals } from './payout-journals.ts';
import { acceptPayout, failPayout, markPayout, releasePayout, sendPayout, settlePayout } from './payout-life.ts';
import { changePayout } from './payout-store.ts';
import type { Sent } from './provider.ts';
import { findStatement, nextPeriod, type Place } from './statement-store.ts';

/**
 * The steps of a payout, each safe to take twice: who comes second finds it past the step and leaves it as it is.
 *
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | read a payout and change it as it was read | table | pk = partner id, sk = `statement#<currency>#<period>` |
 */
export interface Next {
  readonly after: Payout;
  readonly type: string;
  readonly journals?: readonly Journal[];
}

interface Stepping {
  /** The first statement to try for what cannot be paid now; one that is closed is followed by the next. */
  readonly to: string;
  readonly intentOf: (payout: Payout) => Intent;
  /**
   * The version that somebody saw who asks for it: on another one, of which nobody has said that, they are told `version.stale`, as when
   * it is past this step.
   */
  readonly seen?: number;
  /** Nothing when it is past this step. */
  readonly decide: (statement: Statement, to: string) => Next | undefined;
}

const mostTries = 120;

/** Takes a step when it is not taken yet; answers the payout as it then stands, undefined when there is none. */
export const stepPayout = async (place: Place, stepping: Stepping): Promise<Saved<Payout> | undefined> => {
  const { to, intentOf, seen, decide } = stepping;
  const isAsked = seen !== undefined;
  let target = to;
  let countsLonger = false;
  for (let left = mostTries; ; left -= 1) {
    const statement = await findStatement(place);
    const isSeen = !isAsked || statement?.payout.version === seen;
    const next = isSeen && statement ? decide(statement, target) : undefined;
    if (!next && isAsked) throw stale(statement?.payout.version);
    if (!statement || !next) return statement && { entity: statement.payout, replayed: false };
    const { after, ...about } = next;
    try {
      const change = changePayout(statement, after, { ...about, countsLonger, intent: intentOf(statement.payout) });
      return await commitChange(statement.payout, change);
    } catch (error) {
      if (left === 0) throw error;
      countsLonger = isCode(error, 'statement.counts_longer');
      if (isCode(error, 'statement.closed')) target = nextPeriod(target);
      else if (countsLonger) continue;
      else if (isAsked || !isCode(error, 'version.stale')) throw error;
    }
  }
};

/** The system's own intent to take this step. */
export const ownIntent =
  (step: string, at: string) =>
  (payout: Payout): Intent =>
    systemIntent(step, `${payout.id}@${payout.version}`, at);

interface Doing extends Pick<Stepping, 'intentOf' | 'seen'> {
  readonly at: string;
}

const step = (
  place: Place,
  { intentOf, seen }: Pick<Doing, 'intentOf' | 'seen'>,
  about: {
    readonly from: readonly PayoutStatus[];
    readonly next: (statement: Statement, to: string) => Next;
  },
): Promise<Saved<Payout> | undefined> =>
  stepPayout(place, {
    to: nextPeriod(place.period),
    intentOf,
    ...(seen === undefined ? {} : { seen }),
    decide: (statement, to) => (about.from.includes(statement.payout.status) ? about.next(statement, to) : undefined),
  });

/** The run was rejected, or never had it in its manifest. */
export const release = (place: Place, runId: string, at: string): Promise<Saved<Payout> | undefined> =>
  stepPayout(place, {
    to: nextPeriod(place.period),
    intentOf: ownIntent('release', at),
    decide: ({ payout }) =>
      payout.status === 'pending' && payout.runId === runId
        ? { after: releasePayout(payout), type: 'payout.released' }
        : undefined,
  });

/** Records that its provider was told, or may have been. */
export const recordSent = (place: Place, sent: Sent & { readonly outcome: 'sent' | 'unknown' }, at: string) =>
  step(
    place,
    { intentOf: ownIntent('send', at) },
    {
      from: ['pending'],
      next: ({ payout }, to) => {
        const after = sendPayout(payout, { ...sent, to, now: at });
        return { after, type: `payout.${sent.outcome}`, journals: sendJournals(after, at) };
      },
    },
  );

/** The money has arrived. What has ended stays as it is. */
export const settle = (place: Place, doing: Doing & { readonly reference?: string | undefined }) =>
  step(place, doing, {
    from: ['sent', 'unknown'],
    next: ({ payout }) => ({
      after: settlePayout(payout, { now: doing.at, ...(doing.reference ? { reference: doing.reference } : {}) }),
      type: 'payout.paid',
      journals: payJournals(payout, doing.at),
    }),
  });

/** It did not arrive, or came back: all of it stands on the partner's next statement. A person or a bank says so, or it was never sent. */
export const fail = (
  place: Place,
  doing: Doing & { readonly reason: string; readonly reference?: string | undefined },
) =>
  step(place, doing, {
    from: ['pending', 'sent', 'unknown', 'paid'],
    next: (statement, to) => ({
      after: failPayout(statement, {
        reason: doing.reason,
        reference: doing.reference,
        to,
        now: doing.at,
        byPeople: doing.seen !== undefined,
      }),
      type: 'payout.failed',
      journals: failJournals(statement.payout, doing.at),
    }),
  });

/** What is heard of it does not fit: a person has to look at it. Said again, it changes nothing. */
export const mark = (place: Place, doing: Doing & { readonly reason: string }) =>
  stepPayout(place, {
    ...doing,
    to: nextPeriod(place.period),
    decide: ({ payout }) =>
      ['sent', 'unknown', 'paid', 'failed'].includes(payout.status) && payout.needsAttention !== doing.reason
        ? { after: markPayout(payout, doing.reason), type: 'payout.needs_attention' }
        : undefined,
  });

/** People have looked at what has ended, and it stays so. */
export const accept = (place: Place, doing: Doing) =>
  stepPayout(place, {
    ...doing,
    to: nextPeriod(place.period),
    decide: ({ payout }) =>
      payout.needsAttention ? { after: acceptPayout(payout), type: 'payout.accepted' } : undefined,
  });
