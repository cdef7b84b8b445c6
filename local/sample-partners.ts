import * as z from 'zod';
import { addDays } from '#shared/core/time.ts';
import { ask, connectApi } from './import/api-client.ts';
import { laptopOf } from './import/laptop.ts';
import { adminOf, managerOf, onboardPartners } from './import/onboard-partners.ts';
import { readProgramInForce } from './import/program-in-force.ts';
import { registrationBody } from './import/run-plan.ts';
import { samplePlan } from './import/sample.ts';

const partnerCount = 3;
/** One that a person decides about, and one that needs nobody. */
const amountsMinor = [3_000_000, 1_200_000];
const closesInDays = 60;

const Page = z.object({ data: z.array(z.unknown()) });

/**
 * What a first look at the laptop meets: three active partners of the generated sample, with deals that are approved or wait for a
 * decision. Everything goes through the API; where partners are already, nothing is added.
 */
export const addSamplePartners = async (url: string): Promise<void> => {
  const api = connectApi(url);
  const laptop = laptopOf(api);
  const sample = samplePlan(await readProgramInForce(api));
  const plan = { ...sample, partners: sample.partners.slice(0, partnerCount) };
  const token = await laptop.signIn(managerOf(plan.partners[0]?.manager ?? ''));
  const { data } = await ask(api, { method: 'GET', path: '/v1/partners?limit=1', token }, Page);
  if (data.length > 0) return;
  const ids = await onboardPartners({ api, laptop, plan }, partnerCount);
  const expectedCloseDate = addDays((await laptop.now()).slice(0, 'YYYY-MM-DD'.length), closesInDays);
  for (const partner of plan.partners) {
    const rep = await laptop.signIn(adminOf(partner, ids.get(partner.key) ?? ''));
    const registrations = sample.registrations.filter((it) => it.partnerKey === partner.key);
    for (const [index, registration] of registrations.slice(0, amountsMinor.length).entries()) {
      const value = { amountMinor: amountsMinor[index], currency: plan.currency };
      const body = { ...registrationBody(plan, registration, partner), expectedCloseDate, value };
      const idempotencyKey = `sample-${registration.rowId}`;
      await ask(api, { method: 'POST', path: '/v1/deals', token: rep, body, idempotencyKey }, z.unknown());
    }
  }
};
