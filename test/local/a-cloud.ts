import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a template is filled in. */
const hole = (name: string): string => `$\{${name}}`;

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
};

const streamArn = { 'Fn::ImportValue': 'Data:Stream' };

/** A service stack with one of everything that the laptop serves. */
export const serviceResources: Resources = {
  Deals: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['DealsRole', 'Arn'] },
      Timeout: 10,
      Code: { S3Bucket: { 'Fn::Sub': `assets-${hole('AWS::AccountId')}-${hole('AWS::Region')}` }, S3Key: 'abc.zip' },
      Environment: {
        Variables: {
          TABLE: { 'Fn::ImportValue': 'Data:Table' },
          MACHINE: { Ref: 'Approval' },
          ISSUER: { 'Fn::ImportValue': 'Data:Issuer' },
          SECRET: {
            'Fn::Join': ['', ['{{resolve:secretsmanager:', { 'Fn::ImportValue': 'Data:Secret' }, ':SecretString:::}}']],
          },
          SECOND: { 'Fn::Select': [1, { 'Fn::Split': ['-', 'one-two-three'] }] },
        },
      },
    },
  },
  DealsRole: { Type: 'AWS::IAM::Role', Properties: {} },
  DealsPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'DealsRole' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'dynamodb:Query',
            Resource: { 'Fn::Join': ['', [{ 'Fn::ImportValue': 'Data:TableArn' }, '/index/byStatus']] },
          },
          {
            Effect: 'Allow',
            Action: ['dynamodb:PutItem'],
            Resource: { 'Fn::ImportValue': 'Data:TableArn' },
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['rate#*'] } },
          },
        ],
      },
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Deals', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerUri: {
        'Fn::Join': [
          '',
          [
            'arn:aws:apigateway:',
            { Ref: 'AWS::Region' },
            ':lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': ['Deals', 'Arn'] },
            '/invocations',
          ],
        ],
      },
    },
  },
  GetDeal: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      RouteKey: 'GET /v1/deals/{dealId}',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'Authorizer' },
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Stored: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: streamArn,
      FunctionName: { Ref: 'Deals' },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    },
  },
  Approval: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: 'approval',
      DefinitionString: `{"Ask":"${hole('AskArn')}"}`,
      DefinitionSubstitutions: { AskArn: { 'Fn::GetAtt': 'Deals.Arn' } },
    },
  },
  Sweep: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(15 minutes)',
      Target: { Arn: { 'Fn::GetAtt': ['Deals', 'Arn'] }, Input: '{"schedule":"sweep"}' },
    },
  },
  Papers: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      CorsConfiguration: { CorsRules: [{ AllowedMethods: ['POST'], AllowedOrigins: ['https://portal.example'] }] },
    },
  },
  Roots: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } },
    },
  },
  Uploads: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.s3'], detail: { bucket: { name: [{ Ref: 'Papers' }] } } },
      State: 'ENABLED',
      Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Deals', 'Arn'] } }],
    },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: { Weird: { 'Fn::Cidr': [] } } },
};

const exported = (name: string, Value: unknown) => ({ [name]: { Value, Export: { Name: `Data:${name}` } } });

/** A synthesized app of two stacks as CDK writes it; the service stack is given. */
export const aCloudFolder = (resources: Resources = serviceResources): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-cloud-'));
  const write = (file: string, value: unknown): void => writeFileSync(join(folder, file), JSON.stringify(value));
  const stack = (name: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile: `${name}.template.json` },
  });
  write('manifest.json', { artifacts: { Data: stack('Data'), Service: stack('Service'), Tree: { type: 'cdk:tree' } } });
  write('Data.template.json', {
    Resources: {
      Program: table,
      People: { Type: 'AWS::Cognito::UserPool' },
      Portal: { Type: 'AWS::Cognito::UserPoolClient' },
      Secret: { Type: 'AWS::SecretsManager::Secret' },
    },
    Outputs: {
      ...exported('Table', { Ref: 'Program' }),
      ...exported('TableArn', { 'Fn::GetAtt': ['Program', 'Arn'] }),
      ...exported('Stream', { 'Fn::GetAtt': ['Program', 'StreamArn'] }),
      ...exported('Issuer', { 'Fn::GetAtt': ['People', 'ProviderURL'] }),
      ...exported('Secret', { Ref: 'Secret' }),
    },
  });
  write('Service.template.json', { Resources: resources });
  write('Data.assets.json', { files: {} });
  write('Service.assets.json', {
    files: { abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } } },
  });
  return folder;
};
