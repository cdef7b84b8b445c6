import { beforeAll, describe, expect, test } from 'vitest';
import { systemIntent } from '#shared/core/history.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { freezeRun, type Run } from '#shared/payouts/run.ts';
import { changeRun, getRun } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import type { Call } from '#test/support/call.ts';
import { admin, manager } from '#test/support/people.ts';
import { aFinancePerson, aPaidProgram, aPayee, aStartedRun, payDay } from './a-run.ts';
import { aPartnerId } from './a-statement.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aPaidProgram());
});

const hoursBefore = (hours: number, minutes = 0): string =>
  instant(millis(payDay) - hours * 3_600_000 - minutes * 60_000);

type Person = Call['caller'] & { readonly id: string };

/** Somebody of finance, of whom two things may be known. */
const aPerson = async (about: { readonly changedPayee?: string; readonly granted?: string } = {}): Promise<Person> => {
  const person = await aFinancePerson(about.granted);
  if (about.changedPayee) await aPayee(aPartnerId(), { changedBy: person.id, changedAt: about.changedPayee });
  return person;
};

/** A run that waits for approval, of more than one person may approve alone unless it says otherwise. */
const aWaitingRun = async (startedBy: string, totalMinor = 5_000_001): Promise<{ run: Run; approvalId: string }> => {
  const run = await aStartedRun(startedBy);
  const manifest = { totalMinor, payouts: 1, carried: {}, hash: 'hash' };
  const frozen = freezeRun(run, manifest, { now: payDay, attempt: 1 });
  const intent = systemIntent('freeze', run.id, payDay);
  await commitChange(run, changeRun(run, frozen, { type: 'payout_run.awaiting_approval', intent }));
  return { run, approvalId: await anOpenApproval(run.id, payDay) };
};

const approve = async (approvalId: string, caller: Call['caller'], ifMatch: number): Promise<string> => {
  const { status, body } = await decide(approvalId, { ...(caller ? { caller } : {}), at: payDay, ifMatch });
  return status === 200 ? 'yes' : String(body.code);
};

/** Who wears which hat, of three people of whom the first started the run; nobody may have changed an account or be new. */
interface Cast {
  readonly approver: number;
  readonly second: number;
  readonly changer: number | undefined;
  readonly newcomer: number | undefined;
}

const three = [0, 1, 2] as const;
const pairs = three.flatMap((approver) => three.map((second) => [approver, second] as const));
const casts = (approver: number, second: number): readonly Cast[] =>
  [undefined, ...three].flatMap((changer) =>
    [undefined, ...three].map((newcomer) => ({ approver, second, changer, newcomer })),
  );

/** The rules of PRODUCT §5 and of issue 5 in other words. */
const rightAnswer = ({ changer, newcomer }: Cast, who: number, before: readonly number[]): string => {
  if (who === 0) return 'approval.own_submission';
  if (before.includes(who)) return 'approval.already_decided_by_you';
  return who === changer || who === newcomer ? 'auth.forbidden' : 'yes';
};

/** Each of the three, with either, both or none of the two things to be known of them; made once. */
const people = new Map<string, Promise<Person>>();

const personIn = (who: number, { changer, newcomer }: Cast): Promise<Person> => {
  const name = [who, who === changer, who === newcomer].join();
  const known = people.get(name);
  const person =
    known ??
    aPerson({
      ...(who === changer ? { changedPayee: hoursBefore(71, 59) } : {}),
      ...(who === newcomer ? { granted: hoursBefore(23, 59) } : {}),
    });
  people.set(name, person);
  return person;
};

const play = async (cast: Cast) => {
  const actors = await Promise.all(three.map((who) => personIn(who, cast)));
  const callerOf = (who: number): Person => actors[who] as Person;
  const { run, approvalId } = await aWaitingRun(callerOf(0).id);
  const approvers: number[] = [];
  const answers: string[] = [];
  for (const who of [cast.approver, cast.second]) {
    const right = rightAnswer(cast, who, approvers);
    const answer = await approve(approvalId, callerOf(who), 1 + approvers.length);
    answers.push(answer === right ? 'as it should' : `${answer}, not ${right}`);
    if (right === 'yes') approvers.push(who);
  }
  const { status } = await getRun(run.id);
  const right = approvers.length === 2 ? 'approved' : 'awaiting_approval';
  return { cast, answers, status: status === right ? 'as it should' : `${status}, not ${right}` };
};

describe('when one of three people has started a run that two have to approve', () => {
  test.each(pairs)(
    'and number %i decides, then number %i, then nobody approves their own, whoever changed an account or is new',
    async (approver, second) => {
      const played = await Promise.all(casts(approver, second).map(play));
      for (const { cast, answers, status } of played)
        expect({ cast, answers, status }).toEqual({
          cast,
          answers: ['as it should', 'as it should'],
          status: 'as it should',
        });
      expect(played).toHaveLength(16);
    },
  );
});

describe('when somebody decides on a run of another person', () => {
  test.each([
    ['was given the role 24 hours ago', { granted: hoursBefore(24) }, 'yes'],
    ['was given the role a minute less ago', { granted: hoursBefore(23, 59) }, 'auth.forbidden'],
    ['changed an account 72 hours ago', { changedPayee: hoursBefore(72) }, 'yes'],
    ['changed an account a minute less ago', { changedPayee: hoursBefore(71, 59) }, 'auth.forbidden'],
    ['changed an account a minute later than they decide', { changedPayee: hoursBefore(0, -1) }, 'auth.forbidden'],
  ] as const)('and %s, then the answer is as it should be', async (_, about, right) => {
    const { approvalId } = await aWaitingRun('usr_starter', 5_000_000);
    expect(await approve(approvalId, await aPerson(about), 1)).toBe(right);
  });

  test.each([
    ['is of finance by a token only', async () => ({ ...(await aPerson()), id: 'usr_unknown' })],
    ['administers users', async () => admin],
    ['manages partners', async () => manager],
  ] as const)('and %s, then they are refused', async (_, who) => {
    const { approvalId } = await aWaitingRun('usr_starter', 5_000_000);
    expect(await approve(approvalId, await who(), 1)).toBe('auth.forbidden');
  });

  test('twice at the same moment where it takes two, then it is one decision', async () => {
    const { run, approvalId } = await aWaitingRun('usr_starter');
    const person = await aPerson();
    const answers = await Promise.all([1, 1, 1, 2, 2].map((ifMatch) => approve(approvalId, person, ifMatch)));
    expect(answers.filter((answer) => answer === 'yes')).toHaveLength(1);
    expect((await getRun(run.id)).status).toBe('awaiting_approval');
  });
});

test('when the program holds accounts for two days, then who changed one may approve after two', async () => {
  const { payouts, ...program } = aPaidProgram();
  const at = addDays(payDay, 1);
  await publish({ ...program, payouts: { ...payouts, payeeChangeHoldHours: 48 } }, { version: 2, at });
  const person = await aPerson({ changedPayee: hoursBefore(24) });
  const { approvalId } = await aWaitingRun('usr_starter', 5_000_000);
  const early = await decide(approvalId, { caller: person, at: instant(millis(at) - 60_000) });
  const inTime = await decide(approvalId, { caller: person, at });
  expect([early.status, inTime.status]).toEqual([403, 200]);
});
