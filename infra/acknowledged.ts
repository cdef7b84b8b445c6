import { permissions } from './permissions.ts';

/** A finding that stays, where it stays, and why: an auditor reads this table instead of the findings. */
export interface Acknowledged {
  /** As the packs of cdk-nag name their rules. */
  readonly rules: readonly string[];
  /** Paths of resources below their stack. */
  readonly where: RegExp;
  /** Only in this stage; in all when it is left out. */
  readonly stage?: string;
  readonly reason: string;
}

/** Which rights on files somebody has; what nobody needs yet is not found either. */
const rightsOnFiles = {
  'take uploads': ['<DocumentsBucket.Arn>/quarantine/*'],
  'check uploads': ['<DocumentsBucket.Arn>/quarantine/*', '<DocumentsBucket.Arn>/kept/*'],
  'show documents': ['<DocumentsBucket.Arn>/kept/*'],
  'publish roots': ['<AuditBucket.Arn>/roots/*'],
} as const;
const given = new Set<string>(Object.values(permissions).flat());
const filesReached = new Set(
  Object.entries(rightsOnFiles).flatMap(([permission, places]) => (given.has(permission) ? places : [])),
);
const onFiles: Acknowledged = {
  rules: [...filesReached].map((place) => `AwsSolutions-IAM5[Resource::${place}]`),
  where: /^Functions\//,
  reason: 'A file has no name before it comes: rights on files begin where its place does, with nothing above it.',
};

/** What a workflow with a distributed Map starts, watches and stops. */
const ownExecutions = (stage: string): readonly string[] =>
  ['PayoutRun', 'ScoringRun'].map(
    (run) =>
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:Tandem-${stage}-${run}/*]`,
  );

/** What is not here is mended. A test keeps this list at ten and strikes out what nothing finds any more. */
export const acknowledged: readonly Acknowledged[] = [
  {
    rules: ['AwsSolutions-APIG4'],
    where: /^Api\/Http\/(POST--v1--partners--\{partnerId\}--resubmission|POST--v1--provider-events--stripe|GET--)/,
    reason:
      'The access table opens these routes to anyone: the program and its guide, the documentation, and an application, which its applicant opens with a secret token. What Stripe tells is signed by it.',
  },
  {
    rules: ['Serverless-LambdaTracing', 'AwsSolutions-SF2', 'Serverless-StepFunctionStateMachineXray'],
    where: /^(Functions|Approval|PayoutRun|ScoringRun)\//,
    reason:
      'One structured line an outcome, under one request id, tells what a trace would. Tracing would give every function a right on every resource, and keep requests in one more place.',
  },
  {
    rules: ['Serverless-LambdaDLQ'],
    where: /^Functions\//,
    reason:
      'A dead-letter target serves asynchronous calls only. The one function that is called so, the sweep, has a failure destination, which tells more; the stream and the scheduler have queues of their own.',
  },
  {
    rules: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'],
    where: /\/DeadLetters\//,
    reason:
      'It is a queue of dead letters: what lies here was given up on already, raises an alarm and is looked at by a person.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]', ...['dev', 'prod'].flatMap(ownExecutions)],
    where: /^(Functions\/(on-stored-change|write-facts)\/Role|(Approval|PayoutRun|ScoringRun)\/Workflow\/Role)\//,
    reason:
      'AWS knows no narrower resource for listing streams, for the delivery of logs, and for executions that have no name before they run.',
  },
  ...(filesReached.size > 0 ? [onFiles] : []),
  {
    rules: ['AwsSolutions-SMG4'],
    where: /^(CursorSecret|PayeeSecret|OriginSecret|StripeSecret)\//,
    reason:
      'Functions and the distribution get them when they are deployed, so that no request pays for reading them: renewing them is a deployment (docs/operations.md), not a schedule.',
  },
  {
    rules: ['AwsSolutions-COG2', 'AwsSolutions-COG8'],
    where: /^SignIn\/Pool\//,
    stage: 'dev',
    reason: 'Invented people sign in to dev. In production a second factor and threat protection are required.',
  },
  {
    rules: ['AwsSolutions-CFR1', 'AwsSolutions-CFR3', 'AwsSolutions-CFR4'],
    where: /^Distribution\//,
    reason:
      'Partners are in all countries. Every request stands in the log of the API or, refused, in that of the firewall; one more would keep addresses of people. TLS 1.2 is the least as soon as the stage has a certificate of its own; the domain of AWS has its own settings.',
  },
  {
    rules: ['Serverless-SNSRedrivePolicy'],
    where: /^Watch\/Alarms\//,
    reason:
      'An alarm whose mail could not be delivered goes on ringing on the dashboard. A queue of such mails would need an alarm of its own.',
  },
];
