import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Statement } from '#local/functions/policy.ts';
import { readBuckets } from './buckets.ts';
import { type Cloud, type CloudResource, region } from './cloud.ts';
import { readEventRules } from './event-rules.ts';
import { readFunctions } from './functions.ts';
import { readMachines } from './machines.ts';
import { readPolicies } from './policies.ts';
import { readRoutes } from './routes.ts';
import { readSchedules } from './schedules.ts';
import { readStreamMappings } from './stream-mappings.ts';
import { readTables } from './tables.ts';

/** One Lambda function as the template describes it. */
export interface FunctionDescription {
  readonly name: string;
  readonly arn: string;
  /** Folder of the bundled code. */
  readonly folder: string;
  /** `file.export`, such as `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What its role may do. */
  readonly statements: readonly Statement[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Invocations that may run at once; undefined where none are reserved. */
  readonly reservedConcurrency?: number;
}

export interface TableDescription {
  readonly arn: string;
  readonly name: string;
  readonly create: CreateTableCommandInput;
}

export interface AuthorizerDescription {
  readonly functionArn: string;
  /** Names of the request headers whose values identify the caller; all of them must be there. */
  readonly identityHeaders: readonly string[];
  readonly cacheSeconds: number;
}

export interface RouteDescription {
  /** An HTTP method, or `ANY`. */
  readonly method: string;
  /** As API Gateway writes it: `/v1/deals/{dealId}`, `/{proxy+}`, or `$default`. */
  readonly path: string;
  readonly functionArn: string;
  readonly authorizer?: AuthorizerDescription;
}

export interface StreamMappingDescription {
  readonly id: string;
  readonly tableName: string;
  readonly functionArn: string;
  readonly batchSize: number;
  /** Event patterns; a record goes to the function when it matches any, or when there are none. */
  readonly patterns: readonly unknown[];
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** Repetitions after the first try; `Infinity` when the template sets no limit. */
  readonly maximumRetries: number;
  /** Where the deployed system puts what failed for good. */
  readonly deadLetterArn?: string;
}

export interface MachineDescription {
  readonly arn: string;
  readonly name: string;
  /** Amazon States Language, substitutions filled in. */
  readonly definition: string;
}

export interface ScheduleDescription {
  readonly name: string;
  /** In the dialect of EventBridge Scheduler; times are UTC. */
  readonly expression: string;
  readonly functionArn: string;
  /** JSON text, `<aws.scheduler.scheduled-time>` still in it. */
  readonly input: string;
}

export interface BucketDescription {
  readonly name: string;
  readonly arn: string;
  readonly isVersioned: boolean;
  /** Whether versions can be locked against being taken away. */
  readonly canLock: boolean;
  /** How every new version is locked that does not say otherwise. */
  readonly retention?: { readonly mode: string; readonly days: number };
  /** Whether EventBridge hears of every object that comes. */
  readonly tellsEvents: boolean;
  /** What pages of other origins may send. */
  readonly methodsForBrowsers: readonly string[];
}

export interface EventRuleDescription {
  readonly id: string;
  readonly pattern: unknown;
  readonly functionArn: string;
}

export interface SystemDescription {
  readonly functions: readonly FunctionDescription[];
  readonly tables: readonly TableDescription[];
  readonly routes: readonly RouteDescription[];
  readonly streamMappings: readonly StreamMappingDescription[];
  readonly machines: readonly MachineDescription[];
  readonly schedules: readonly ScheduleDescription[];
  readonly buckets: readonly BucketDescription[];
  readonly eventRules: readonly EventRuleDescription[];
  readonly userPoolId: string;
  readonly clientId: string;
}

/** What a request never meets: who may take which role, encryption, logs, alarms, delivery. The laptop may leave it out. */
const leftOut = [
  /^AWS::(Logs|KMS|CDK|CloudWatch|CloudFront|WAFv2|SNS|SSM|Route53|CertificateManager|Budgets|XRay)::/,
  /^AWS::IAM::(Role|ManagedPolicy)$/,
  /^AWS::Lambda::(Permission|EventInvokeConfig|LayerVersion)$/,
  /^AWS::Cognito::(UserPoolDomain|UserPoolGroup|ManagedLoginBranding)$/,
  /^AWS::SQS::(Queue|QueuePolicy)$/,
  /^AWS::ApiGatewayV2::(Api|Stage|Integration|Authorizer)$/,
  /^AWS::Scheduler::ScheduleGroup$/,
  /^AWS::S3::BucketPolicy$/,
  /^AWS::SecretsManager::/,
  /^AWS::SES::/,
];

const served = [
  'AWS::Lambda::Function',
  'AWS::IAM::Policy',
  'AWS::DynamoDB::Table',
  'AWS::ApiGatewayV2::Route',
  'AWS::Lambda::EventSourceMapping',
  'AWS::StepFunctions::StateMachine',
  'AWS::Scheduler::Schedule',
  'AWS::S3::Bucket',
  'AWS::Events::Rule',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
];

const isHelperOfCdk = ({ type, logicalId }: CloudResource): boolean =>
  type.startsWith('Custom::') || logicalId.startsWith('Custom') || logicalId.startsWith('LogRetention');

const refuseUnknown = (resources: readonly CloudResource[]): void => {
  const unknown = resources.filter(
    (resource) =>
      !served.includes(resource.type) &&
      !leftOut.some((pattern) => pattern.test(resource.type)) &&
      !isHelperOfCdk(resource),
  );
  if (unknown.length === 0) return;
  const names = unknown.map(({ type, logicalId }) => `${type} (${logicalId})`).join(', ');
  throw new Error(`The laptop cannot serve ${names}: teach local/template/system.ts what it means here.`);
};

/** Everything the laptop serves, read from the deployed templates. Throws, naming them, at resources it does not know. */
export const readSystem = (cloud: Cloud): SystemDescription => {
  refuseUnknown(cloud.resources);
  const all = (type: string): readonly CloudResource[] =>
    cloud.resources.filter((resource) => resource.type === type && !isHelperOfCdk(resource));
  return {
    functions: readFunctions(all('AWS::Lambda::Function'), cloud.asset, readPolicies(all('AWS::IAM::Policy'))),
    tables: readTables(all('AWS::DynamoDB::Table')),
    routes: readRoutes(all),
    streamMappings: readStreamMappings(all('AWS::Lambda::EventSourceMapping')),
    machines: readMachines(all('AWS::StepFunctions::StateMachine'), cloud.asset),
    schedules: readSchedules(all('AWS::Scheduler::Schedule')),
    buckets: readBuckets(all('AWS::S3::Bucket')),
    eventRules: readEventRules(all('AWS::Events::Rule')),
    userPoolId: all('AWS::Cognito::UserPool')[0]?.ref ?? `${region}_none`,
    clientId: all('AWS::Cognito::UserPoolClient')[0]?.ref ?? 'none',
  };
};
