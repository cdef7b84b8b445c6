import { hashOf } from '#shared/core/canonical.ts';
import type { Fault } from './fault.ts';

/** An item of the table as it is stored, its keys among its attributes. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** One event of a chain, as little of it as the chain needs. */
interface Link {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  /** What its content hashes to; the same as `hash` when nobody touched it. */
  readonly contentHash: string;
}

/** Where a thing says that its history ends. */
export interface Head {
  readonly subject: string;
  readonly seq: number;
  readonly hash: string;
}

export const isEvent = (item: StoredItem): boolean => String(item.sk).startsWith('event#');

const eventSort = (seq: number): string => `event#${String(seq).padStart(8, '0')}`;

const linkOf = (item: StoredItem): Link => {
  const { pk: _pk, sk: _sk, kind: _kind, hash, ...told } = item;
  return { seq: Number(item.seq), prev: String(item.prev), hash: String(hash), contentHash: hashOf(told) };
};

/** A thing with a history, which says its version and the hash of its last event. */
export interface Thing extends Head {
  readonly fields: StoredItem;
}

/** The thing that an item is; an account of direct sales stands inside its customer. */
export const thingIn = (item: StoredItem): Thing | undefined => {
  const fields = (typeof item.known === 'object' && item.known !== null ? item.known : item) as StoredItem;
  // Things that are written often say their id in their key only.
  const { id = item.pk, version, head } = fields;
  if (typeof id !== 'string' || typeof version !== 'number' || typeof head !== 'string' || head === '')
    return undefined;
  return { subject: id, seq: version, hash: head, fields };
};

/** I8 of one chain: no gap, no edit, no other order; its end is where the thing says, which finds what was cut off. */
const brokenChain = (subject: string, links: readonly Link[], head: Head | undefined): readonly Fault[] => {
  const fault = (item: string, wrong: string, right?: string): readonly Fault[] => [
    { breaks: 'I8', item, wrong, ...(right === undefined ? {} : { right }) },
  ];
  let prev = '';
  for (const [index, link] of links.entries()) {
    const item = `event ${link.seq} of ${subject}`;
    const next = links[index + 1];
    if (link.seq !== index + 1)
      return fault(
        `event ${index + 1} of ${subject}`,
        `is missing; ${link.seq} stands in its place`,
        prev && `one that follows ${prev}`,
      );
    if (link.hash !== link.contentHash) {
      const confirmed = link.contentHash === (next?.prev ?? head?.hash);
      return confirmed
        ? fault(item, `its hash was changed to ${link.hash}`, link.contentHash)
        : fault(item, `was edited; its content hashes to ${link.contentHash}`, `content that hashes to ${link.hash}`);
    }
    if (link.prev !== prev)
      return fault(item, `does not follow the one before it, but ${link.prev || 'nothing'}`, prev);
    prev = link.hash;
  }
  const last = links.length;
  if (!head) return fault(subject, `has ${last} events and is not there`);
  if (head.seq > last) return fault(`event ${last + 1} of ${subject}`, `is missing at the end`, `version ${head.seq}`);
  if (head.seq < last) return fault(subject, `is at version ${head.seq}, its events at ${last}`, `version ${last}`);
  return head.hash === prev ? [] : fault(subject, `says its history ends with ${head.hash}`, prev);
};

/** Collects items in any order and judges the chains of events in them. It keeps a few hundred bytes for each event. */
export interface ChainAudit {
  readonly take: (item: StoredItem) => void;
  readonly faults: () => readonly Fault[];
  /** The ends of all chains, by the events themselves, in the order of their subjects. */
  readonly heads: () => readonly Head[];
  /** The hash of an event, undefined when it is not there. */
  readonly hashAt: (subject: string, seq: number) => string | undefined;
  readonly eventCount: () => number;
}

export const openChainAudit = (): ChainAudit => {
  const chains = new Map<string, Link[]>();
  const ends = new Map<string, Head>();
  const misplaced: Fault[] = [];

  const take = (item: StoredItem): void => {
    if (isEvent(item)) {
      const link = linkOf(item);
      const subject = String(item.pk);
      const chain = chains.get(subject);
      if (chain) chain.push(link);
      else chains.set(subject, [link]);
      if (item.subject === subject && item.sk === eventSort(link.seq)) return;
      const wrong = `holds event ${link.seq} of ${item.subject}`;
      misplaced.push({ breaks: 'I8', item: `${subject} ${item.sk}`, wrong, right: `an event of ${subject}` });
      return;
    }
    const thing = thingIn(item);
    // Of what has an item for each version, the last one counts.
    if (!thing || thing.seq <= (ends.get(thing.subject)?.seq ?? 0)) return;
    ends.set(thing.subject, { subject: thing.subject, seq: thing.seq, hash: thing.hash });
  };

  const inOrder = (subject: string): readonly Link[] => (chains.get(subject) ?? []).sort((a, b) => a.seq - b.seq);
  const subjects = (): readonly string[] => [...new Set([...chains.keys(), ...ends.keys()])].sort();

  return {
    take,
    faults: () => [
      ...misplaced,
      ...subjects().flatMap((subject) => brokenChain(subject, inOrder(subject), ends.get(subject))),
    ],
    heads: () =>
      subjects().flatMap((subject) => {
        const last = inOrder(subject).at(-1);
        return last ? [{ subject, seq: last.seq, hash: last.hash }] : [];
      }),
    hashAt: (subject, seq) => chains.get(subject)?.find((link) => link.seq === seq)?.hash,
    eventCount: () => [...chains.values()].reduce((sum, chain) => sum + chain.length, 0),
  };
};
