import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetAccountCommand, GetEmailIdentityCommand, NotFoundException, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { edgeRegion } from '#infra/edge-region.ts';
import type { Stage } from '#infra/stages.ts';
import { findInstalledJava } from '#local/java.ts';

/** `unknown`: it could not be looked at from here, which is no fault by itself. */
export interface Finding {
  readonly state: 'ok' | 'bad' | 'unknown';
  readonly text: string;
}

export interface Checkup {
  readonly name: string;
  /** Whether only AWS can tell. */
  readonly inCloud: boolean;
  readonly look: () => Promise<Finding>;
}

const ok = (text: string): Finding => ({ state: 'ok', text });
const bad = (text: string): Finding => ({ state: 'bad', text });

/** A door for each noun and the workers, each of which may run several times at once. */
const neededConcurrency = 100;

const region = (): string | undefined => process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;

const bootstrapIn = async (place: string): Promise<string> => {
  try {
    const { Stacks } = await new CloudFormationClient({ region: place }).send(
      new DescribeStacksCommand({ StackName: 'CDKToolkit' }),
    );
    return Stacks?.[0]?.StackStatus ?? 'missing';
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return 'not there';
    throw error;
  }
};

/** The service's own region, and the one where AWS takes the firewall. */
const checkBootstrap = async (): Promise<Finding> => {
  const places = [...new Set([region() ?? edgeRegion, edgeRegion])];
  const states = await Promise.all(places.map(async (place) => ({ place, status: await bootstrapIn(place) })));
  const missing = states.filter(({ status }) => !/COMPLETE$/.test(status) || /ROLLBACK|DELETE/.test(status));
  if (missing.length === 0) return ok(places.join(' and '));
  const told = missing.map(({ place, status }) => `${place} ${status}`).join(', ');
  const commands = missing.map(({ place }) => `aws://ACCOUNT/${place}`).join(' ');
  return bad(`${told}: run \`npx cdk bootstrap ${commands}\` once`);
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);

/** The network is told by the code of whoever failed in it, or it timed out; AWS may also fail by itself. All else is an answer. */
const isOutOfReach = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code, $metadata } = error as { readonly code?: unknown; readonly $metadata?: { httpStatusCode?: number } };
  return typeof code === 'string' || error.name === 'TimeoutError' || ($metadata?.httpStatusCode ?? 0) >= 500;
};

const checkCredentials = async (): Promise<Finding> => {
  try {
    const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    return ok(Arn ?? 'somebody');
  } catch (error) {
    if (isOutOfReach(error)) throw error;
    return bad(`${messageOf(error)}: sign in anew, as by \`aws sso login\`, or set AWS_PROFILE`);
  }
};

const isVerified = async (client: SESv2Client, domain: string): Promise<boolean> => {
  try {
    const identity = await client.send(new GetEmailIdentityCommand({ EmailIdentity: domain }));
    return identity.VerifiedForSendingStatus === true;
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
};

/** Mails of a stage may be sent as its domain only, and in the sandbox of a new account only to who was verified too. */
const checkMail = async ({ mailFrom }: Stage): Promise<Finding> => {
  const client = new SESv2Client({});
  const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
  const faults: string[] = [];
  if (!(await isVerified(client, domain))) faults.push(`${domain} is no verified identity: verify it in this region`);
  const { ProductionAccessEnabled, SendingEnabled } = await client.send(new GetAccountCommand({}));
  if (!ProductionAccessEnabled) faults.push('the account is in the sandbox: ask AWS for production access');
  if (!SendingEnabled) faults.push('AWS has paused the sending of mails: ask it why');
  return faults.length === 0 ? ok(`sent as ${mailFrom}`) : bad(faults.join('; '));
};

export const checkupsOf = (stage: Stage): readonly Checkup[] => [
  {
    name: 'Node',
    inCloud: false,
    look: async () => {
      const { node } = process.versions;
      return Number(node.split('.')[0]) >= 24 ? ok(node) : bad(`${node}: run \`npm ci\`, which brings Node 24 along`);
    },
  },
  {
    name: 'Java',
    inCloud: false,
    look: async () => {
      const found = await findInstalledJava();
      return found ? ok(found) : { state: 'unknown', text: 'none of 17 or later: `npm start` will fetch one, once' };
    },
  },
  {
    name: 'region',
    inCloud: false,
    look: async () => {
      const name = region();
      return name ? ok(name) : bad('set AWS_REGION, such as eu-central-1');
    },
  },
  { name: 'credentials', inCloud: true, look: checkCredentials },
  { name: 'bootstrap', inCloud: true, look: checkBootstrap },
  {
    name: 'quotas',
    inCloud: true,
    look: async () => {
      const { AccountLimit } = await new LambdaClient({}).send(new GetAccountSettingsCommand({}));
      const executions = AccountLimit?.ConcurrentExecutions ?? 0;
      return executions >= neededConcurrency
        ? ok(`${executions} functions may run at once`)
        : bad(`only ${executions} functions may run at once: ask AWS for ${neededConcurrency} or more`);
    },
  },
  { name: 'mail', inCloud: true, look: () => checkMail(stage) },
];

const patienceMs = 8_000;

const within = (look: Checkup['look']): Promise<Finding> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs / 1000} s`)), patienceMs);
    look()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });

/** One line for each checkup, and whether everything that could be looked at is well. What asks AWS is not tried without a region. */
export const examine = async (
  list: readonly Checkup[],
): Promise<{ readonly lines: readonly string[]; readonly well: boolean }> => {
  const findings = await Promise.all(
    list.map(async ({ name, inCloud, look }) => {
      if (inCloud && !region()) return { name, state: 'unknown' as const, text: 'cannot be asked without a region' };
      try {
        return { name, ...(await within(look)) };
      } catch (error) {
        return { name, state: 'unknown' as const, text: `cannot be told from here: ${messageOf(error)}` };
      }
    }),
  );
  const marks = { ok: 'ok     ', bad: 'MEND   ', unknown: '?      ' };
  return {
    lines: findings.map(({ name, state, text }) => `${marks[state]} ${name.padEnd(12)} ${text}`),
    well: findings.every(({ state }) => state !== 'bad'),
  };
};
