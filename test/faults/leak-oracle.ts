import { entitiesIn, type Oracle } from './oracles.ts';
import { marks, partnerOf, repsOf } from './people-of-a-history.ts';
import type { StoredItem } from './recording.ts';

/** Whatever would tell of a partner: its mark, its id, its people, its things. */
const tracesOf = (mark: (typeof marks)[number], items: readonly StoredItem[]): readonly string[] => {
  const partnerId = partnerOf(mark);
  const things = [...entitiesIn(items)].filter(
    ([, { sk, partnerId: owner }]) => sk !== 'approval' && owner === partnerId,
  );
  return [mark, partnerId, ...repsOf(mark).map(({ id }) => id), ...things.map(([id]) => id)];
};

/** I11: no answer to a partner's people, and no mail to them, holds anything of another partner. */
export const nothingOfOthers: Oracle = ({ calls, items, mails }) =>
  marks.flatMap((mark) => {
    const mine = partnerOf(mark);
    const others = marks.filter((other) => other !== mark).flatMap((other) => tracesOf(other, items));
    const answers = calls.flatMap(({ caller, operation, at, reply }) =>
      caller.kind !== 'anonymous' && caller.partnerId === mine && reply
        ? others
            .filter((trace) => reply.text.includes(trace))
            .map((trace) => `I11: ${operation} at ${at} told ${mark} of ${trace}`)
        : [],
    );
    const letters = mails
      .filter(({ to }) => to.some((address) => address.endsWith(`@${mark}.example`)))
      .flatMap(({ text, about }) =>
        others.filter((trace) => text.includes(trace)).map((trace) => `I11: ${about} told ${mark} of ${trace}`),
      );
    return [...answers, ...letters];
  });

/** What only one person or workflow may know, as histories make it. */
const secret = /\btoken-\d+\b/;

/** I11: a log line names things of one partner at most, and holds no word of anybody's. */
export const logsTellNothing: Oracle = ({ items, logs }) => {
  const owners = marks.map((mark) => ({ mark, ids: tracesOf(mark, items).filter((trace) => trace !== mark) }));
  return logs.flatMap(({ label, text }) => {
    const named = owners.filter(({ ids }) => ids.some((id) => text.includes(id))).map(({ mark }) => mark);
    const said = marks.filter((mark) => text.includes(mark));
    return [
      ...said.map((mark) => `I11: ${label} logged words of ${mark}`),
      ...(named.length > 1 ? [`I11: ${label} logged things of ${named.join(' and ')} in one line`] : []),
      ...(secret.test(text) ? [`I11: ${label} logged a task token`] : []),
    ];
  });
};
