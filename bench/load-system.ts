import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createClosing } from '#local/closing.ts';
import { connectApi } from '#local/import/api-client.ts';
import { laptopOf, userIdOf } from '#local/import/laptop.ts';
import { adminOf, onboardPartners } from '#local/import/onboard-partners.ts';
import { readProgramInForce } from '#local/import/program-in-force.ts';
import { registrationBody } from '#local/import/run-plan.ts';
import { samplePlan } from '#local/import/sample.ts';
import { startLaptop } from '#local/laptop.ts';
import { addDays } from '#shared/core/time.ts';

const folder = '.local/bench/load';

/** Recovery comes twice a day: by then it has looked at what the load left, and the sweep has come every hour. */
const patienceMs = 13 * 3_600_000;

/** One request of the mix, as autocannon takes it; `[<id>]` is another text each time, and the key of what registers. */
export interface MixedRequest {
  /** Who registers. */
  readonly by?: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface AtRest {
  /** The instant at which everything rests. */
  readonly end: string;
  /** Events that nobody could follow. */
  readonly notFollowed: readonly unknown[];
}

export interface LoadedSystem {
  readonly url: string;
  readonly mix: readonly MixedRequest[];
  /** Waits until everything that follows from what was asked has happened, with the next sweep and recovery. */
  readonly rest: () => Promise<AtRest>;
  readonly stop: () => Promise<void>;
}

/** The example's program, in which a partner may register as much as it likes. */
const programWithoutLimits = async (): Promise<string> => {
  const source = await readFile('examples/program.yaml', 'utf8');
  const file = `${folder}/program.yaml`;
  await mkdir(folder, { recursive: true });
  await writeFile(file, source.replaceAll(/^ +openRegistrationLimit: \d+\n/gm, ''));
  return file;
};

/** Partners of the sample, active, and what each of them asks: a registration, one that many want, its list, and the program. */
const mixOf = async (url: string): Promise<readonly MixedRequest[]> => {
  const api = connectApi(url);
  const laptop = laptopOf(api);
  const plan = samplePlan(await readProgramInForce(api));
  const ids = await onboardPartners({ api, laptop, plan }, 4);
  const expectedCloseDate = addDays((await laptop.now()).slice(0, 'YYYY-MM-DD'.length), 60);
  const asked = plan.partners.map(async (partner, index): Promise<readonly MixedRequest[]> => {
    const one = plan.registrations.find(({ partnerKey }) => partnerKey === partner.key);
    if (!one) throw new Error(`The sample has no registration of ${partner.name}.`);
    const token = await laptop.signIn(adminOf(partner, ids.get(partner.key) ?? ''));
    const authorization = `Bearer ${token}`;
    const right = registrationBody(plan, { ...one, valueMinor: 1_200_000, expectedCloseDate }, partner);
    const register = (websiteUrl: string): MixedRequest => ({
      method: 'POST',
      path: '/v1/deals',
      by: userIdOf(token),
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ ...right, customer: { ...right.customer, websiteUrl } }),
    });
    const read = (path: string): MixedRequest => ({ method: 'GET', path, headers: { authorization } });
    return [
      register('https://www.c[<id>]c.example'),
      read('/v1/deals?limit=10'),
      register(`https://www.shared-${index % 4}.example`),
      read('/v1/program'),
      read('/v1/deals?limit=2'),
    ];
  });
  return (await Promise.all(asked)).flat();
};

/** The laptop in this process, in memory, with partners at work. `rateLimits` are those of the functions. */
export const startLoadedSystem = async (rateLimits: 'on' | 'off'): Promise<LoadedSystem> => {
  const local = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  Object.assign(process.env, { TZ: 'UTC', TANDEM_RATE_LIMITS: rateLimits, ...local });
  const closing = createClosing();
  const nothingKept = { ephemeral: true, empty: true, reset: false, state: folder, clock: undefined };
  try {
    const options = { port: 0, program: await programWithoutLimits(), ...nothingKept };
    const { url, warm } = await startLaptop(process.cwd(), options, closing);
    await warm();
    const mix = await mixOf(url);
    const laptop = laptopOf(connectApi(url));
    const rest = async (): Promise<AtRest> => {
      await laptop.freeze();
      await laptop.moveTo(new Date(Date.parse(await laptop.now()) + patienceMs).toISOString());
      const { body } = await connectApi(url).send({ method: 'GET', path: '/local/dead-letters' });
      // The laptop's control answers this shape.
      return { end: await laptop.now(), notFollowed: (body as { readonly data: readonly unknown[] }).data };
    };
    return { url, mix, rest, stop: closing.close };
  } catch (error) {
    await closing.close();
    throw error;
  }
};
