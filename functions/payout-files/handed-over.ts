import { hashOf } from '#shared/core/canonical.ts';
import { DomainError } from '#shared/core/errors.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import type { Run } from '#shared/payouts/run.ts';
import { chunksOf, type Line } from '#shared/payouts/run-lines-store.ts';
import { readStatements } from '#shared/payouts/statement-store.ts';
import type { Payer } from '#shared/program/payout-rules.ts';
import { programAt } from '#shared/program/program-store.ts';

/** A run whose payouts were all told to their provider, and whose account they leave. */
export interface HandedOver {
  readonly run: Run;
  readonly approvedAt: string;
  readonly payer: Payer;
}

/** Throws `payout_run.not_handed_over`: until then nobody knows what stands in the file. */
export const handedOver = async (run: Run): Promise<HandedOver> => {
  const { approvedAt, handedOverAt } = run;
  const terms = approvedAt && handedOverAt ? await programAt(approvedAt) : undefined;
  const payer = terms?.program.payouts.payer;
  if (approvedAt && payer) return { run, approvedAt, payer };
  const why = terms ? 'The program names no account from which it is paid.' : 'It is not approved and handed over yet.';
  throw new DomainError('conflict', 'payout_run.not_handed_over', why, { facts: { status: run.status } });
};

/** A line of the manifest, and how its payout stands. */
export interface Told {
  readonly line: Line;
  readonly payout: Payout;
}

/** What the bank was told to pay: it keeps its place in the file whatever became of it later. */
const isInFile = ({ payout }: Told, { id }: Run): boolean =>
  payout.runId === id && payout.provider === 'bank-file' && payout.sentAt !== undefined;

/** The payouts of a run that its files ask for, in the order of the manifest. Throws when that is not what was approved. */
export const toldToBank = async (run: Run): Promise<readonly Told[]> => {
  const lines: Line[] = [];
  const told: Told[] = [];
  for await (const chunk of chunksOf(run.id)) {
    const byId = new Map((await readStatements(chunk)).map(({ payout }) => [payout.id, payout]));
    for (const line of chunk) {
      const payout = byId.get(line.payoutId);
      lines.push(line);
      if (payout && isInFile({ line, payout }, run)) told.push({ line, payout });
    }
  }
  if (hashOf(lines) !== run.manifestHash) throw new Error(`The manifest of ${run.id} is not what was approved.`);
  return told;
};
