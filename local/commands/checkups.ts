import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { edgeRegion } from '#infra/edge-region.ts';
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

export const checkups: readonly Checkup[] = [
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
  {
    name: 'credentials',
    inCloud: true,
    look: async () => {
      const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
      return ok(Arn ?? 'somebody');
    },
  },
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
        const reason = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
        return { name, state: 'unknown' as const, text: `cannot be told from here: ${reason}` };
      }
    }),
  );
  const marks = { ok: 'ok     ', bad: 'MEND   ', unknown: '?      ' };
  return {
    lines: findings.map(({ name, state, text }) => `${marks[state]} ${name.padEnd(12)} ${text}`),
    well: findings.every(({ state }) => state !== 'bad'),
  };
};
