import { addHours } from '#shared/core/time.ts';
import { getPayee } from '#shared/payouts/payee-store.ts';
import { netOf, partsOf, type Statement } from '#shared/payouts/payout.ts';
import { carryPayout, freezePayout } from '#shared/payouts/payout-life.ts';
import { type PayoutTerms, payoutOf } from '#shared/payouts/payout-of.ts';
import { ownIntent, stepPayout } from '#shared/payouts/payout-steps-store.ts';
import { canPay } from '#shared/payouts/provider.ts';
import type { Run } from '#shared/payouts/run.ts';
import { type CarriedLine, keepCarried, keepLines, linesPerChunk } from '#shared/payouts/run-lines-store.ts';
import { getRun } from '#shared/payouts/run-store.ts';
import { listStatements, nextPeriod, unsettledStatements } from '#shared/payouts/statement-store.ts';
import { paidInYearOf, taxFormsLacking, taxYearOf } from '#shared/payouts/tax-form.ts';
import type { PayoutProvider } from '#shared/program/named-kinds.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';
import { frozenLines } from './frozen-lines.ts';
import { releaseStrays } from './release-strays.ts';

/** The step Collect of payout-run.asl.json, for the partners of one shard. */
export interface CollectInput {
  readonly runId: string;
  readonly shard: number;
  readonly at: string;
}

interface Collecting {
  readonly run: Run;
  readonly program: Program;
  readonly at: string;
}

/** Within a month the statement of the whole month comes last: everything else is brought forward to it. */
const order = ({ payout }: Statement): string => payout.period.padEnd('YYYY-MM-DD'.length, '~');

const openByPartner = async (run: Run, shard: number): Promise<readonly (readonly Statement[])[]> => {
  const open: Statement[] = [];
  for await (const page of unsettledStatements(shard, run.period))
    open.push(...page.filter(({ payout }) => payout.status === 'open'));
  open.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return [...Map.groupBy(open, ({ payout }) => `${payout.partnerId} ${payout.currency}`).values()];
};

/** One payout for each partner: what older statements hold is brought forward to the newest. Answers that one. */
const merge = async (statements: readonly Statement[], { run, at }: Collecting): Promise<Statement | undefined> => {
  const newest = statements.at(-1);
  if (!newest) return undefined;
  for (const { payout } of statements.slice(0, -1))
    await stepPayout(payout, {
      to: newest.payout.period,
      intentOf: ownIntent('carry', at),
      decide: (statement, to) => {
        if (statement.payout.status !== 'open') return undefined;
        const about = { carry: partsOf(statement.balances), to, now: at, runId: run.id };
        return { after: carryPayout(statement, { ...about, reasons: ['merged'] }), type: 'payout.carried' };
      },
    });
  return newest;
};

interface Terms extends PayoutTerms {
  readonly payeeVersion: number;
}

const providerOf = ({ payouts }: Program): PayoutProvider => payouts.provider ?? 'bank-file';

const termsFor = async (partnerId: string, collecting: Collecting): Promise<Terms> => {
  const { program, at } = collecting;
  const { payouts, currency } = program;
  const told = await getPayee(partnerId);
  // An account that the provider cannot pay to is none.
  const payee = told && canPay(providerOf(program), told.kind) ? told : undefined;
  const asksForForms = (payouts.taxForms ?? []).length > 0;
  const statements = payee && asksForForms ? await listStatements(partnerId) : [];
  const paid = paidInYearOf(at, statements, program.timeZone);
  const taxYear = taxYearOf(at, program.timeZone);
  const lacksTaxForm = (payMinor: number): boolean =>
    payee !== undefined &&
    taxFormsLacking(payee, payouts, { taxYear, paid: { amountMinor: paid + payMinor, currency } }).length > 0;
  return {
    minimumMinor: payouts.minimum.amountMinor,
    payableFrom: payee && addHours(payee.changedAt, payouts.payeeChangeHoldHours),
    payeeVersion: payee?.version ?? 0,
    lacksTaxForm,
    now: at,
  };
};

/** Freezes what is paid; what is carried over is only told, so that it can be written down before it is done. */
const take = async (statements: readonly Statement[], collecting: Collecting): Promise<CarriedLine | undefined> => {
  const { run, program, at } = collecting;
  const newest = await merge(statements, collecting);
  if (!newest) return undefined;
  const terms = await termsFor(newest.payout.partnerId, collecting);
  let carried: CarriedLine | undefined;
  await stepPayout(newest.payout, {
    to: nextPeriod(run.period),
    intentOf: ownIntent(`freeze ${run.id}`, at),
    decide: (statement) => {
      const { payout, balances } = statement;
      if (payout.status !== 'open') return undefined;
      const verdict = payoutOf(statement, terms);
      if (verdict.payMinor === 0) {
        const { id: payoutId, partnerId } = payout;
        const amountMinor = netOf(partsOf(balances));
        carried = { payoutId, partnerId, amountMinor, reasons: [...verdict.reasons] };
        return undefined;
      }
      carried = undefined;
      const taking = {
        runId: run.id,
        payeeVersion: terms.payeeVersion,
        provider: providerOf(program),
      };
      return { after: freezePayout(statement, verdict, { ...taking, now: at }), type: 'payout.frozen' };
    },
  });
  return carried;
};

/** Carries over what was told, with what has accrued on it since. */
const carry = async (
  { payout }: Statement,
  reasons: CarriedLine['reasons'],
  { run, at }: Collecting,
): Promise<void> => {
  await stepPayout(payout, {
    to: nextPeriod(run.period),
    intentOf: ownIntent('carry', at),
    decide: (statement, to) => {
      if (statement.payout.status !== 'open') return undefined;
      const about = { reasons, carry: partsOf(statement.balances), to, now: at, runId: run.id };
      return { after: carryPayout(statement, about), type: 'payout.carried' };
    },
  });
};

const collect = async (collecting: Collecting, shard: number): Promise<void> => {
  const { run } = collecting;
  const partners = await openByPartner(run, shard);
  for (let start = 0; start < partners.length; start += linesPerChunk) {
    const some = partners.slice(start, start + linesPerChunk);
    const told = await Promise.all(some.map((statements) => take(statements, collecting)));
    await keepCarried(
      run.id,
      shard,
      told.filter((line) => line !== undefined),
    );
    await Promise.all(
      some.map(async (statements, index) => {
        const [newest, line] = [statements.at(-1), told[index]];
        if (newest && line) await carry(newest, line.reasons, collecting);
      }),
    );
  }
  await keepLines(run.id, shard, await frozenLines(run, shard));
};

/**
 * Takes what is due of every partner of a shard into the run, or carries it over, and writes down which. One that was thought dead and
 * goes on after the manifest was made gives back what it took.
 */
export const handler = async ({ runId, shard, at }: CollectInput): Promise<void> => {
  const run = await getRun(runId);
  if (run.status !== 'collecting') return releaseStrays(run, at, [shard]);
  const { program } = await programAt(at);
  try {
    await collect({ run, program, at }, shard);
  } catch (error) {
    if ((await getRun(runId)).status === 'collecting') throw error;
    await releaseStrays(run, at, [shard]);
  }
};
