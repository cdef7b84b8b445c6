import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, expect, test } from 'vitest';
import { startAwsServices } from '#local/aws/aws-services.ts';
import { createMail } from '#local/aws/mail.ts';
import { createSignIns } from '#local/aws/sign-ins.ts';

const file = join(mkdtempSync(join(tmpdir(), 'tandem-mail-')), 'mailbox.ndjson');
const mail = createMail({ file, now: () => '2030-01-01T00:00:00.000Z' });
const signIns = createSignIns(undefined);
const services = await startAwsServices(mail, signIns);
const ses = new SESv2Client({ endpoint: services.endpoint });
afterAll(() => services.close());

const cognito = async (operation: string, body: object) => {
  const response = await fetch(services.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as object };
};

test('when a function sends mail, then it stands in the mailbox at the system’s time, after a restart too', async () => {
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: 'partners@tandem.example',
      Destination: { ToAddresses: ['paula@partner.example'] },
      Content: { Simple: { Subject: { Data: 'Approved' }, Body: { Text: { Data: 'Your deal.' } } } },
    }),
  );
  const sent = {
    at: '2030-01-01T00:00:00.000Z',
    to: ['paula@partner.example'],
    subject: 'Approved',
    text: 'Your deal.',
    kind: 'email',
  };
  expect(mail.messages).toEqual([sent]);
  expect(createMail({ file, now: () => '' }).messages).toEqual([sent]);
});

test('when mail has no simple content, then SES’s own exception says so', async () => {
  const command = new SendEmailCommand({ FromEmailAddress: 'a@b.example', Destination: {}, Content: {} });
  await expect(ses.send(command)).rejects.toMatchObject({ name: 'BadRequestException' });
});

test('when a sign-in is created, twice, and locked, then Cognito’s answers are given', async () => {
  const attributes = [{ Name: 'email', Value: 'paula@partner.example' }];
  const created = await cognito('AdminCreateUser', { UserPoolId: 'p', Username: 'usr_1', UserAttributes: attributes });
  expect(created).toMatchObject({ status: 200, body: { User: { Username: 'usr_1', Enabled: true } } });
  expect(await cognito('AdminCreateUser', { Username: 'usr_1' })).toMatchObject({
    status: 400,
    body: { __type: 'UsernameExistsException' },
  });
  await cognito('AdminDisableUser', { Username: 'usr_1' });
  expect(await cognito('AdminGetUser', { Username: 'usr_1' })).toMatchObject({ body: { Enabled: false } });
  expect(signIns.all()).toMatchObject([{ username: 'usr_1', email: 'paula@partner.example', enabled: false }]);
});

test.each([
  ['a person who is not there', 'AdminGetUser', 'UserNotFoundException'],
  ['an operation the laptop does not know', 'ListUsers', 'UnknownOperationException'],
])('when asked for %s, then it is refused by name', async (_, operation, name) => {
  expect(await cognito(operation, { Username: 'usr_9' })).toMatchObject({ status: 400, body: { __type: name } });
});
