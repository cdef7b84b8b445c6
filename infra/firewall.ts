import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** Rules that AWS keeps, with those of them that are only counted, because our own callers would meet them. */
const managed = [
  { group: 'AWSManagedRulesAmazonIpReputationList', onlyCounted: [] },
  { group: 'AWSManagedRulesKnownBadInputsRuleSet', onlyCounted: [] },
  {
    group: 'AWSManagedRulesCommonRuleSet',
    // A program file is larger than 8 KB, and each door knows its own limit; machines of partners need not say what they are.
    onlyCounted: ['SizeRestrictions_BODY', 'NoUserAgent_HEADER'],
  },
] as const;

/** Requests of one address in five minutes: more than a large partner's office, less than a flood. */
const perAddress = 10_000;
/** Requests of one token by one method in five minutes: as many reads as one instance of a door takes of it, over all instances. */
const perToken = 6_000;
/** Of these a stranger sends one or two; the gateway's own limit on them is one for all strangers together. */
const applicationsPerAddress = 100;

const tooMany = 'too-many';
const tooManyBody = {
  type: 'https://tandem.dev/problems/rate.limited',
  title: 'Too many requests',
  status: 429,
  detail: 'Too many requests came from this address or with this token. Wait five minutes.',
  code: 'rate.limited',
};

const seenAs = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples would show tokens to whoever may look at the firewall.
  sampledRequestsEnabled: false,
});

const matches = (field: object, how: string, what: string): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: field,
    positionalConstraint: how,
    searchString: what,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

/** Whatever comes with a token is somebody's whom the authorizer knows, or nobody's whom it refuses. */
const hasToken: CfnWebACL.StatementProperty = {
  sizeConstraintStatement: {
    fieldToMatch: { singleHeader: { Name: 'authorization' } },
    comparisonOperator: 'GT',
    size: 0,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

const isApplication: CfnWebACL.StatementProperty = {
  andStatement: {
    statements: [
      matches({ method: {} }, 'EXACTLY', 'POST'),
      matches({ uriPath: {} }, 'STARTS_WITH', '/v1/partners'),
      { notStatement: { statement: hasToken } },
    ],
  },
};

/** The authorizer takes a token in whatever case and space its scheme is written, so they make no other caller here either. */
const byToken: Pick<CfnWebACL.RateBasedStatementProperty, 'aggregateKeyType' | 'customKeys'> = {
  aggregateKeyType: 'CUSTOM_KEYS',
  customKeys: [
    {
      header: {
        name: 'authorization',
        textTransformations: [
          { priority: 0, type: 'LOWERCASE' },
          { priority: 1, type: 'COMPRESS_WHITE_SPACE' },
        ],
      },
    },
    { httpMethod: {} },
  ],
};

const windowSeconds = 300;

/** What the firewall answers is fixed: nothing is left, and after a whole window something is again. */
const refusal = (name: string, limit: number) => ({
  responseCode: 429,
  customResponseBodyKey: tooMany,
  responseHeaders: [
    { name: 'Retry-After', value: String(windowSeconds) },
    { name: 'RateLimit-Policy', value: `"${name}";q=${limit};w=${windowSeconds}` },
    { name: 'RateLimit', value: `"${name}";r=0;t=${windowSeconds}` },
  ],
});

const rateRule = (name: string, limit: number, of: Partial<CfnWebACL.RateBasedStatementProperty> = {}) => ({
  name,
  statement: {
    rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: windowSeconds, ...of },
  },
  action: { block: { customResponse: refusal(name, limit) } },
  visibilityConfig: seenAs(name),
});

const managedRule = ({ group, onlyCounted }: (typeof managed)[number]) => ({
  name: group,
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: group,
      ruleActionOverrides: onlyCounted.map((name) => ({ name, actionToUse: { count: {} } })),
    },
  },
  overrideAction: { none: {} },
  visibilityConfig: seenAs(group),
});

/** What is refused before it reaches anything of ours. Each refusal is logged, without the token that came with it. */
export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const rules = [
      rateRule('requests-of-one-address', perAddress),
      rateRule('applications-of-one-address', applicationsPerAddress, { scopeDownStatement: isApplication }),
      rateRule('requests-of-one-token', perToken, byToken),
      ...managed.map(managedRule),
    ];
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rules: rules.map((rule, priority) => ({ ...rule, priority })),
      customResponseBodies: {
        [tooMany]: { contentType: 'APPLICATION_JSON', content: JSON.stringify(tooManyBody) },
      },
      visibilityConfig: seenAs(`tandem-${stage.name}`),
    });
    this.arn = acl.attrArn;
    this.#log(stage, acl.attrArn);
  }

  #log(stage: Stage, resourceArn: string): void {
    // The firewall writes to logs whose names begin so, and to no other.
    const logGroupName = `aws-waf-logs-tandem-${stage.name}`;
    const log = new LogGroup(this, 'Log', {
      logGroupName,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn,
      logDestinationConfigs: [Stack.of(this).formatArn({ service: 'logs', resource: `log-group:${logGroupName}` })],
      // Tokens come in headers, an applicant's in the query.
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'cookie' } },
        { queryString: {} },
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
          },
        ],
      },
    });
    logging.node.addDependency(log);
  }
}
