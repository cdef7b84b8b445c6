import { runInNewContext } from 'node:vm';
import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { rateClasses } from '#functions/http/rate-classes.ts';
import { edgeRegion } from '#infra/edge-region.ts';
import { EdgeStack, tellViewer } from '#infra/edge-stack.ts';
import { type Stage, stageNamed } from '#infra/stages.ts';
import { at, listOf, ofType, type Resource, type Template, wordsOf } from './template.ts';

const synthesized = (stage: Stage) => {
  const app = new App({ analyticsReporting: false });
  new EdgeStack(app, 'Edge', stage);
  const { template, environment } = app.synth().getStackByName('Edge');
  return { template: template as Template, environment };
};
const { template: edge, environment } = synthesized(stageNamed('dev'));

const only = (template: Template, type: string): Resource['Properties'] => {
  const found = ofType(template, type);
  expect(found, `exactly one ${type}`).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};
const configOf = (template: Template) => only(template, 'AWS::CloudFront::Distribution').DistributionConfig;
const config = configOf(edge);
const behaviour = at(config, 'DefaultCacheBehavior');

test('it stands where AWS takes firewalls of distributions, in whatever account', () => {
  expect(environment).toMatchObject({ region: edgeRegion, account: 'unknown-account' });
  expect(JSON.stringify(edge)).not.toContain('Fn::ImportValue');
});

test('every request of the distribution goes through its firewall', () => {
  const [id] = ofType(edge, 'AWS::WAFv2::WebACL')[0] ?? [];
  expect(at(config, 'WebACLId')).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  expect(only(edge, 'AWS::WAFv2::WebACL')).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
});

test('the firewall refuses floods, known attackers and known attacks, in this order', () => {
  const rules = listOf(only(edge, 'AWS::WAFv2::WebACL').Rules).toSorted(
    (one, other) => Number(at(one, 'Priority')) - Number(at(other, 'Priority')),
  );
  expect(
    rules.map((rule) => [
      at(rule, 'Name'),
      at(rule, 'Statement', 'RateBasedStatement', 'Limit') ??
        listOf(at(rule, 'Statement', 'ManagedRuleGroupStatement', 'RuleActionOverrides')).map((each) =>
          at(each, 'Name'),
        ),
    ]),
  ).toEqual([
    ['requests-of-one-address', 10_000],
    ['applications-of-one-address', 100],
    ['requests-of-one-token', 6000],
    ['AWSManagedRulesAmazonIpReputationList', []],
    ['AWSManagedRulesKnownBadInputsRuleSet', []],
    ['AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY', 'NoUserAgent_HEADER']],
  ]);
  for (const rule of rules) {
    const isRate = at(rule, 'Statement', 'RateBasedStatement') !== undefined;
    expect(at(rule, 'OverrideAction')).toEqual(isRate ? undefined : { None: {} });
    expect(at(rule, 'Action', 'Block', 'CustomResponse', 'ResponseCode')).toBe(isRate ? 429 : undefined);
    expect(at(rule, 'VisibilityConfig', 'SampledRequestsEnabled')).toBe(false);
  }
});

test('only applications that come without a token are counted as such', () => {
  const rules = listOf(only(edge, 'AWS::WAFv2::WebACL').Rules);
  const rule = rules.find((each) => at(each, 'Name') === 'applications-of-one-address');
  const conditions = at(rule, 'Statement', 'RateBasedStatement', 'ScopeDownStatement', 'AndStatement', 'Statements');
  expect(listOf(conditions)).toMatchObject([
    { ByteMatchStatement: { FieldToMatch: { Method: {} }, SearchString: 'POST', PositionalConstraint: 'EXACTLY' } },
    { ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString: '/v1/partners' } },
    { NotStatement: { Statement: { SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 0 } } } },
  ]);
});

test('a caller is counted by its token and by what it does, from whatever addresses it comes, and however it writes its token', () => {
  const rules = listOf(only(edge, 'AWS::WAFv2::WebACL').Rules);
  const rule = rules.find((each) => at(each, 'Name') === 'requests-of-one-token');
  expect(at(rule, 'Statement', 'RateBasedStatement')).toEqual({
    Limit: rateClasses.reads.limit * 5,
    EvaluationWindowSec: 300,
    AggregateKeyType: 'CUSTOM_KEYS',
    CustomKeys: [
      {
        Header: {
          Name: 'authorization',
          TextTransformations: [
            { Priority: 0, Type: 'LOWERCASE' },
            { Priority: 1, Type: 'COMPRESS_WHITE_SPACE' },
          ],
        },
      },
      { HTTPMethod: {} },
    ],
  });
});

test('who is refused for a flood is told when to come back, with the headers of the doors', () => {
  const rules = listOf(only(edge, 'AWS::WAFv2::WebACL').Rules);
  const told = rules.flatMap((rule) =>
    listOf(at(rule, 'Action', 'Block', 'CustomResponse', 'ResponseHeaders')).map(
      (header) => `${at(header, 'Name')}: ${at(header, 'Value')}`,
    ),
  );
  const headersOf = (name: string, limit: number) => [
    'Retry-After: 300',
    `RateLimit-Policy: "${name}";q=${limit};w=300`,
    `RateLimit: "${name}";r=0;t=300`,
  ];
  expect(told).toEqual([
    ...headersOf('requests-of-one-address', 10_000),
    ...headersOf('applications-of-one-address', 100),
    ...headersOf('requests-of-one-token', 6000),
  ]);
});

test('who is refused for a flood is told so as by the doors', () => {
  const body = at(only(edge, 'AWS::WAFv2::WebACL').CustomResponseBodies, 'too-many', 'Content');
  expect(JSON.parse(String(body))).toMatchObject({ status: 429, code: 'rate.limited', title: 'Too many requests' });
});

test('what the firewall refused is logged for 90 days, without tokens', () => {
  expect(only(edge, 'AWS::Logs::LogGroup')).toMatchObject({
    LogGroupName: 'aws-waf-logs-tandem-dev',
    RetentionInDays: 90,
  });
  const logging = only(edge, 'AWS::WAFv2::LoggingConfiguration');
  expect(logging.RedactedFields).toEqual([
    { SingleHeader: { Name: 'authorization' } },
    { SingleHeader: { Name: 'cookie' } },
    { QueryString: {} },
  ]);
  expect(logging.LoggingFilter).toMatchObject({
    DefaultBehavior: 'DROP',
    Filters: [{ Behavior: 'KEEP', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] }],
  });
});

test('answers are neither kept nor packed, all methods and headers go through, and nothing comes in the clear', () => {
  expect(behaviour).toMatchObject({
    // AWS's own policies CachingDisabled and AllViewerExceptHostHeader.
    CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    Compress: false,
    ViewerProtocolPolicy: 'https-only',
  });
  expect(listOf(at(behaviour, 'AllowedMethods'))).toContain('PATCH');
  expect(at(config, 'CacheBehaviors')).toBeUndefined();
});

test('the API is reached by TLS only, with the secret, which no template holds', () => {
  const [origin, ...others] = listOf(at(config, 'Origins'));
  expect(others).toEqual([]);
  expect(wordsOf(at(origin, 'DomainName'), edge)).toBe('<ApiDomain>');
  expect(at(origin, 'CustomOriginConfig')).toEqual({
    OriginProtocolPolicy: 'https-only',
    OriginSSLProtocols: ['TLSv1.2'],
  });
  expect(at(origin, 'OriginCustomHeaders')).toEqual([
    {
      HeaderName: 'x-tandem-origin',
      HeaderValue: '{{resolve:secretsmanager:Tandem-dev-Origin:SecretString:current::}}',
    },
  ]);
});

test('when a caller makes up an address, then the one it really has stands in its place', () => {
  const request = { headers: { 'x-tandem-viewer': { value: '203.0.113.9' }, accept: { value: '*/*' } } };
  const seen = runInNewContext(`${tellViewer}\nhandler({ request, viewer: { ip: '198.51.100.7' } })`, { request });
  expect(seen.headers).toEqual({ 'x-tandem-viewer': { value: '198.51.100.7' }, accept: { value: '*/*' } });
  expect(only(edge, 'AWS::CloudFront::Function').FunctionCode).toBe(tellViewer);
  expect(at(behaviour, 'FunctionAssociations', 0, 'EventType')).toBe('viewer-request');
});

test('when the stage has a certificate, then people come by its own domain and by TLS 1.2 at least', () => {
  const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';
  const own = configOf(synthesized({ ...stageNamed('prod'), certificateArn }).template);
  expect(at(own, 'Aliases')).toEqual(['partners.tandem.example']);
  expect(at(own, 'ViewerCertificate')).toMatchObject({
    AcmCertificateArn: certificateArn,
    MinimumProtocolVersion: 'TLSv1.2_2021',
  });
});

test('when the day of the secrets changes, then the distribution reads its secret again', () => {
  const later = configOf(synthesized({ ...stageNamed('dev'), secretsSince: '2027-01-01' }).template);
  expect(at(later, 'Comment')).not.toBe(at(config, 'Comment'));
});
