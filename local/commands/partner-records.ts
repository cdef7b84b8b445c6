import { StoredEvent } from '#shared/core/history.ts';
import type { Instant } from '#shared/core/time.ts';
import { earningFrom } from '#shared/earnings/earning-store.ts';
import type { StoredItem } from '#shared/ledger/chains.ts';
import type { PartnerMoney } from '#shared/payouts/statement-of.ts';
import { statementFrom } from '#shared/payouts/statement-store.ts';
import type { Item } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { rulesFrom } from '#shared/program/program-store.ts';
import { ProgramVersion, versionAt } from '#shared/program/program-version.ts';

/** What a whole table says of one partner's money, and of the program. */
export interface PartnerRecords {
  readonly name: string;
  readonly money: PartnerMoney;
  /** Of its earnings and payouts. */
  readonly events: readonly StoredEvent[];
  /** By version of the partner's payment details. */
  readonly accountEnds: ReadonlyMap<number, string>;
  /** The last instant at which anything happened to it. */
  readonly lastAt: Instant;
  readonly programAt: (now: Instant) => Program;
}

const isAboutMoney = ({ subject }: StoredEvent): boolean => /^(ern|pay)_/.test(subject);

/** Takes every item of a table, in any order. */
export const openPartnerRecords = (partnerId: string) => {
  const own: Item[] = [];
  const events: StoredEvent[] = [];
  const versions: ProgramVersion[] = [];
  const rules = new Map<string, Program>();
  const take = (item: StoredItem): void => {
    const { pk, sk, kind, partnerId: of } = item;
    // Every stored item has its key.
    if (pk === partnerId) own.push(item as Item);
    if (kind === 'event' && of === partnerId) events.push(StoredEvent.parse(item));
    if (kind === 'program-version') {
      const { pk: _pk, sk: _sk, kind: _kind, ...version } = item;
      versions.push(ProgramVersion.parse(version));
    }
    // Parsed when it was published, and never changed since.
    if (kind === 'program-rules') rules.set(String(sk).split('#')[1] ?? '', rulesFrom(item as Item));
  };
  const programAt = (now: Instant): Program => {
    const first = versions.find(({ version }) => version === 1);
    const inForce = versionAt(versions, now) ?? first;
    const program = rules.get(String(inForce?.version ?? 0).padStart(5, '0'));
    if (!program) throw new Error('There is no program in it.');
    return program;
  };
  const close = (): PartnerRecords => {
    const named = own.find(({ company }) => company !== undefined)?.company as { name: string } | undefined;
    if (!named) throw new Error(`There is no partner ${partnerId} in it.`);
    const startingWith = (prefix: string) => own.filter(({ sk }) => sk.startsWith(prefix));
    const payees = startingWith('payee#').map(({ payee }) => payee as { version: number; lastFour: string });
    return {
      name: named.name,
      money: {
        earnings: startingWith('earning#').flatMap((item) => earningFrom(item) ?? []),
        statements: startingWith('statement#').map(statementFrom),
      },
      events: events.filter(isAboutMoney),
      accountEnds: new Map(payees.map(({ version, lastFour }) => [version, lastFour])),
      lastAt: events.reduce((last, { at }) => (at > last ? at : last), ''),
      programAt,
    };
  };
  return { take, close };
};
