import type { Caller } from '#shared/core/caller.ts';
import type { WireItem } from './expressions.ts';
import type { Made } from './stripe-of-a-history.ts';

/** What a history leaves behind: all that the oracles look at. */
export type StoredItem = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** One try of one request, and its answer where one came. */
export interface AnsweredCall {
  readonly operation: string;
  readonly caller: Caller;
  /** The instant at which the gateway took it: no two tries share one. */
  readonly at: string;
  readonly params: Readonly<Record<string, string>>;
  readonly key: string | undefined;
  readonly ifMatch: number | undefined;
  readonly body?: unknown;
  /** How many transactions the table had taken when it began. */
  readonly begunAfter: number;
  /** And when it was answered. */
  readonly answeredAfter?: number;
  readonly reply: Reply | undefined;
}

export interface Reply {
  readonly status: number;
  readonly replayed: boolean;
  readonly version: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** Body and headers as they went out. */
  readonly text: string;
}

export interface SentMail {
  /** `<subject>\n<sk of its note>`. */
  readonly about: string;
  readonly to: readonly string[];
  readonly text: string;
}

export interface LogLine {
  /** The invocation that logged it. */
  readonly label: string;
  readonly text: string;
}

/** The activity table at the beginning and at the end, and each change of it, beside how many transactions the other table had taken. */
export interface FactsRecording {
  readonly start: readonly WireItem[];
  readonly commits: readonly { readonly after: number; readonly written: readonly WireItem[] }[];
  readonly items: readonly WireItem[];
}

export interface Recording {
  readonly calls: readonly AnsweredCall[];
  /** What each transaction wrote, in the order in which the table took them. */
  readonly commits: readonly (readonly StoredItem[])[];
  /** The table at the end, when everything had come to rest. */
  readonly items: readonly StoredItem[];
  readonly facts: FactsRecording;
  readonly mails: readonly SentMail[];
  /** What Stripe has transferred. */
  readonly transfers: readonly Made[];
  /** Every version of what lies in the buckets, by key. */
  readonly files: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly logs: readonly LogLine[];
  /** For each mail how often a fault kept its sender from knowing, or noting, that it was sent. */
  readonly excuses: ReadonlyMap<string, number>;
  readonly signIns: ReadonlyMap<string, 'enabled' | 'disabled'>;
  /** Workflow executions that have not ended, by name. */
  readonly unfinished: readonly { readonly name: string; readonly approvalId: string; readonly state: string }[];
  /** Names of all executions that were ever started. */
  readonly started: readonly string[];
  /** Events that nobody follows any more. */
  readonly notFollowed: readonly string[];
  readonly end: string;
}
