import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { lapsePartner } from '#shared/partners/partner-life.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { findUserCaller } from '#shared/users/caller-store.ts';
import { getUser, inviteFirstContact } from '#shared/users/user-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { dismissUsers } from '#workflows/partners/dismiss-users.ts';
import { anApplicant, anApplication, apply, approve, lapse, now } from './a-partner.ts';

const late = addDays(now, 30);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

/** An approved application whose first contact was invited and which nobody signed in time, and the event that says so. */
const aLapsedPartner = async () => {
  const { id, domain } = await anApplicant();
  const user = await inviteFirstContact(await approve(id), now);
  if (!user) throw new Error('The first contact was not invited.');
  const before = await getPartner(id);
  const intent = { writeId: 'w', bodyHash: '', by: 'system', at: late };
  const { event } = changePartner(before, lapsePartner(before), { type: 'partner.lapsed', intent });
  await lapse(id, late);
  return { event, domain, userId: user.id };
};

describe('when an approved application has lapsed', () => {
  test('then whoever was invited for it is no user any more, however often it is told', async () => {
    const { event, userId } = await aLapsedPartner();
    for (let time = 0; time < 2; time += 1) await dismissUsers(event);
    expect(await getUser(userId)).toMatchObject({ status: 'deactivated', deactivatedAt: late, version: 2 });
    expect(await findUserCaller(userId)).toBeUndefined();
  });

  test('then the same contact is invited when the company applies again and is approved', async () => {
    const { event, domain } = await aLapsedPartner();
    await dismissUsers(event);
    const { body } = await apply(anApplication(domain), { at: late });
    const again = await inviteFirstContact(await approve(String(body.id), late), late);
    expect(again).toMatchObject({ partnerId: body.id, status: 'invited', email: `ada@${domain}` });
  });
});
