import { timingSafeEqual } from 'node:crypto';
import { originHeaders } from '#shared/core/origin-headers.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Shorter words than this, such as the mark that there is no previous secret, open nothing. */
const shortestSecret = 32;

interface Accepted {
  readonly told: string;
  readonly secrets: readonly Buffer[];
}
let accepted: Accepted = { told: '', secrets: [] };

/** The secret of now and the one before it, in turns of which no request is refused. */
const secretsIn = (told: string): readonly Buffer[] => {
  if (accepted.told !== told) {
    const long = told.split(' ').filter((secret) => secret.length >= shortestSecret);
    accepted = { told, secrets: long.map((secret) => Buffer.from(secret)) };
  }
  return accepted.secrets;
};

/** Whether there is a distribution in front, which only a deployment has. */
const hasDistribution = (): boolean => Boolean(process.env.ORIGIN_SECRETS);

/** Whether a request came by the distribution and its firewall, where there is one: the API's own address is not to be used beside it. */
export const cameByDistribution = (headers: Headers | undefined): boolean => {
  const told = process.env.ORIGIN_SECRETS;
  if (!told) return true;
  const shown = Buffer.from(headers?.[originHeaders.secret] ?? '');
  return secretsIn(told).some((secret) => secret.length === shown.length && timingSafeEqual(secret, shown));
};

/** The address of whoever asks: behind a distribution the gateway sees only the distribution's. */
export const viewerAddress = (headers: Headers | undefined, sourceIp: string): string =>
  (hasDistribution() ? headers?.[originHeaders.viewer] : undefined) ?? sourceIp;
