import { expect } from 'vitest';
import type { YearsOffice, YearsRun } from '#test/import/a-years-finance.ts';
import { type CheckedRun, checkBooks, checkFiles, checkManifest, checkStatements } from '#test/import/check-a-run.ts';
import type { CrmTables } from '#test/import/recompute.ts';
import { type ExpectedMonth, recomputePayouts } from '#test/import/recompute-payouts.ts';

/** Something that people do at an instant of the year. */
export interface Appointment {
  readonly at: string;
  readonly keep: () => Promise<void>;
}

export interface PaidYear {
  readonly months: readonly ExpectedMonth[];
  /** What an agent's earnings come to in the end: all that was paid, and what its last month carried over. */
  readonly endedWith: (agent: string) => Readonly<Record<string, number>>;
  /** Does everything that people do up to an instant, each at its own; the clock stands at the last of them then. */
  readonly liveUntil: (at: string) => Promise<void>;
}

export interface Living {
  readonly tables: CrmTables;
  readonly office: YearsOffice;
  readonly moveTo: (instant: string) => Promise<void>;
  /** What else is done in the year. */
  readonly others?: readonly Appointment[];
}

/** Says where it is paid on this day for the first time, which is after two pay days. */
const comesLate = '2025-03-01';
/** Another one changes it on this day, so that the pay day two days later is too early. */
const changesOn = '2025-04-03';
/** What a third one is sent for this month comes back. */
const returnedMonth = '2025-06';

/** The year's payouts as finance and partners live them, and each run held against what was recomputed. */
export const aPaidYear = ({ tables, office, moveTo, others = [] }: Living): PaidYear => {
  const [latecomer = '', changer = '', unlucky = ''] = office.agents;
  const months = recomputePayouts(tables, {
    unpayable: (agent, payDay) => {
      if (agent === latecomer && payDay < comesLate) return 'payee_missing';
      return agent === changer && payDay > changesOn && payDay < '2025-04-06' ? 'payee_changed' : undefined;
    },
    isReturned: (agent, period) => agent === unlucky && period === returnedMonth,
  });
  let paidMinor = 0;

  const runOf = async (period: string, status: string): Promise<YearsRun> => {
    const run = (await office.runs()).find((each) => each.period === period);
    if (!run) throw new Error(`Nothing was started for ${period}.`);
    expect(run.status).toBe(status);
    return run;
  };
  const payOut = async (checked: CheckedRun): Promise<void> => {
    const { run, month, partnerIds } = checked;
    await office.approve(run.id);
    await moveTo(`${month.payDay}T07:01:00.000Z`);
    await checkFiles(checked);
    const refusedId = month.returned.size > 0 ? partnerIds.get(unlucky) : undefined;
    const refused = checked.payouts.filter(({ partnerId }) => partnerId === refusedId).map(({ id }) => id);
    const booked = checked.payouts.filter(({ id }) => !refused.includes(id));
    const said = await office.bankSays(run.id, booked, refused);
    expect(said.at(-1)).toEqual({ settled: booked.length, failed: 0, pending: 0, ignored: 0 });
    expect(said.reduce((sum, { failed }) => sum + failed, 0)).toBe(refused.length);
    await moveTo(`${month.payDay}T07:02:00.000Z`);
    await runOf(month.period, 'completed');
  };
  const pay = async (month: ExpectedMonth): Promise<void> => {
    const { period, sent, returned } = month;
    // What has nothing to pay asks nobody.
    const run = await runOf(period, sent.size > 0 ? 'awaiting_approval' : 'completed');
    const partnerIds = await office.partnerIds();
    const before = months[months.indexOf(month) - 1];
    const checked = { office, month, before, run, payouts: await office.payoutsOf(run.id), partnerIds };
    checkManifest(checked);
    if (sent.size > 0) await payOut(checked);
    for (const [agent, amountMinor] of sent) paidMinor += returned.has(agent) ? 0 : amountMinor;
    await checkStatements(checked);
    await checkBooks(checked, paidMinor);
  };
  const appointments: Appointment[] = [
    ...others,
    { at: '', keep: () => office.setPayees(office.agents.filter((agent) => agent !== latecomer)) },
    { at: `${comesLate}T07:00:00.000Z`, keep: () => office.setPayees([latecomer]) },
    { at: `${changesOn}T07:00:00.000Z`, keep: () => office.setPayees([changer]) },
    ...months.map((month) => ({ at: `${month.payDay}T07:00:00.000Z`, keep: () => pay(month) })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));

  return {
    months,
    endedWith: (agent) => {
      const last = months.at(-1);
      const payable = last?.carried.get(agent)?.amountMinor ?? last?.returned.get(agent) ?? 0;
      const earned = months.reduce((sum, month) => sum + (month.earned.get(agent) ?? 0), 0);
      const amounts = { paid: earned - payable, payable };
      return Object.fromEntries(Object.entries(amounts).filter(([, amountMinor]) => amountMinor !== 0));
    },
    liveUntil: async (at) => {
      for (let next = appointments[0]; next && next.at <= at; next = appointments[0]) {
        appointments.shift();
        if (next.at) await moveTo(next.at);
        await next.keep();
      }
    },
  };
};
