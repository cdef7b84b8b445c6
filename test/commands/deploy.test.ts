import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'tandem-deploy-'));
const callsFile = join(folder, 'calls');

/** In place of the CDK's command line: notes how it was called, and writes what it would have made of our stacks. */
const cdk = `#!${process.execPath}
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(callsFile)}, args.join(' ') + '\\n');
if (args[0] === 'synth') {
  const to = args[args.indexOf('--output') + 1];
  mkdirSync(to, { recursive: true });
  const resources = {
    Data: { Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain' } },
    Service: { Queue: { Type: 'AWS::SQS::Queue' } },
    Edge: { Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: ['one'] } } },
  };
  for (const [stack, Resources] of Object.entries(resources))
    writeFileSync(to + '/Tandem-dev-' + stack + '.template.json', JSON.stringify({ Resources }));
}
`;

const outputs: Readonly<Record<string, readonly [string, string]>> = {
  'Tandem-dev-Service': ['ApiDomain', 'abc123.execute-api.eu-central-1.amazonaws.com'],
  'Tandem-dev-Edge': ['Url', 'https://d111.cloudfront.net'],
};

/** In place of CloudFormation: of the service stack, which is there, it knows a template, of the edge nothing. */
const answerTo = (action: string, stack: string): readonly [status: number, xml: string] => {
  if (action === 'GetTemplate') {
    if (stack !== 'Tandem-dev-Service') {
      const error = `<Error><Code>ValidationError</Code><Message>Stack ${stack} does not exist</Message></Error>`;
      return [400, `<ErrorResponse>${error}</ErrorResponse>`];
    }
    const body = JSON.stringify({ Resources: { Old: { Type: 'AWS::SNS::Topic' } } });
    return [
      200,
      `<GetTemplateResponse><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
    ];
  }
  const [key, value] = outputs[stack] ?? ['', ''];
  const output = `<Outputs><member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member></Outputs>`;
  const stacks = `<Stacks><member><StackName>${stack}</StackName>${output}</member></Stacks>`;
  return [
    200,
    `<DescribeStacksResponse><DescribeStacksResult>${stacks}</DescribeStacksResult></DescribeStacksResponse>`,
  ];
};

/** `action stack region` of everything that was asked. */
const asked: string[] = [];
const formation = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const form = new URLSearchParams(text);
  const region = /Credential=[^/]+\/\d+\/([\w-]+)\//.exec(request.headers.authorization ?? '')?.[1];
  const [action, stack] = [form.get('Action') ?? '', form.get('StackName') ?? ''];
  asked.push(`${action} ${stack} ${region}`);
  const [status, xml] = answerTo(action, stack);
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
});

beforeAll(async () => {
  writeFileSync(join(folder, 'cdk'), cdk);
  chmodSync(join(folder, 'cdk'), 0o755);
  await new Promise<void>((done) => formation.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  formation.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked.length = 0;
  writeFileSync(callsFile, '');
});

interface Run {
  readonly code: number | string;
  readonly out: string;
  readonly calls: readonly string[];
}

const run = (command: 'deploy' | 'destroy', ...options: readonly string[]): Promise<Run> =>
  new Promise((done) => {
    const env = {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      AWS_REGION: 'eu-central-1',
      // A server that listens on a port has an address of this kind.
      AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(formation.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const script = resolve(`local/commands/${command}.ts`);
    execFile(
      process.execPath,
      [script, '--stage', 'dev', ...options],
      { cwd: folder, env },
      (error, stdout, stderr) => {
        const calls = readFileSync(callsFile, 'utf8').trim().split('\n');
        done({ code: error?.code ?? 0, out: `${stdout}${stderr}`, calls });
      },
    );
  });

const synth = 'synth --quiet --context stage=dev --output .build/cdk-dev --no-notices';
const asShown = '--app .build/cdk-dev --exclusively --require-approval never';

test('when a stage is to be deployed, then it is told what would change and cost in each region, before anything is done', async () => {
  const { code, out, calls } = await run('deploy', '--dry-run');
  expect(code).toBe(0);
  expect(calls).toEqual([synth]);
  expect(asked).toEqual([
    'GetTemplate Tandem-dev-Data eu-central-1',
    'GetTemplate Tandem-dev-Service eu-central-1',
    'GetTemplate Tandem-dev-Edge us-east-1',
  ]);
  expect(out).toBe(`
Tandem-dev-Data
  create     1 × DynamoDB::Table

Tandem-dev-Service
  create     1 × SQS::Queue
  REMOVE         SNS::Topic Old

Tandem-dev-Edge
  create     1 × WAFv2::WebACL

What stands there costs, at list price:
     $6.00    1 × WAFv2::WebACL
     $6.00  a month when nobody uses it; all else is paid by use
`);
});

test('when nobody says yes, then nothing is deployed', async () => {
  const { out, calls } = await run('deploy');
  expect(calls).toEqual([synth]);
  expect(out).toContain('Nothing was deployed.');
});

test('when it is deployed, then the distribution comes last and is told the domain of the API', async () => {
  const { code, out, calls } = await run('deploy', '--yes');
  expect(code).toBe(0);
  expect(calls).toEqual([
    synth,
    `deploy Tandem-dev-Data Tandem-dev-Service ${asShown} --no-notices`,
    `deploy Tandem-dev-Edge ${asShown} --parameters Tandem-dev-Edge:ApiDomain=${outputs['Tandem-dev-Service']?.[1]} --no-notices`,
  ]);
  expect(asked.slice(3)).toEqual([
    'DescribeStacks Tandem-dev-Service eu-central-1',
    'DescribeStacks Tandem-dev-Edge us-east-1',
  ]);
  expect(out).toContain('dev is at https://d111.cloudfront.net');
});

test('when a stage is destroyed, then what the world sees goes first, and what holds data is named and stays', async () => {
  const { out, calls } = await run('destroy', '--yes');
  expect(calls).toEqual([
    synth,
    'destroy Tandem-dev-Edge Tandem-dev-Service --app .build/cdk-dev --exclusively --force --no-notices',
  ]);
  expect(out).toContain('Tandem-dev-Data stays');
  expect(out).toContain('DynamoDB::Table Table');
});
