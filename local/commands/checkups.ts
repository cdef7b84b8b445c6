import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
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

const checkBootstrap = async (): Promise<Finding> => {
  const howTo = 'run `npx cdk bootstrap` once for this account and region';
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
    const status = Stacks?.[0]?.StackStatus ?? 'missing';
    return /COMPLETE$/.test(status) && !/ROLLBACK|DELETE/.test(status) ? ok(status) : bad(`${status}: ${howTo}`);
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return bad(`not there: ${howTo}`);
    throw error;
  }
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
