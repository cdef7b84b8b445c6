import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
  InternalErrorException,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSignIn, disableSignIn } from '#shared/users/sign-in-store.ts';

const cognito = mockClient(CognitoIdentityProviderClient);
const fault = { message: '', $metadata: {} };

beforeEach(() => {
  process.env.USER_POOL_ID = 'pool';
  cognito.reset();
});

describe('when a user was invited', () => {
  test("then a sign-in with the user's id and address is created, and Cognito writes to it", async () => {
    cognito.on(AdminCreateUserCommand).resolves({});
    await createSignIn({ id: 'usr_1', email: 'ada@acme.example' });
    expect(cognito.commandCalls(AdminCreateUserCommand)[0]?.args[0].input).toEqual({
      UserPoolId: 'pool',
      Username: 'usr_1',
      UserAttributes: [
        { Name: 'email', Value: 'ada@acme.example' },
        { Name: 'email_verified', Value: 'true' },
      ],
      DesiredDeliveryMediums: ['EMAIL'],
      ForceAliasCreation: true,
    });
  });

  test('then one that is there already is left alone, and any other failure is told', async () => {
    cognito.on(AdminCreateUserCommand).rejectsOnce(new UsernameExistsException(fault));
    await expect(createSignIn({ id: 'usr_1', email: 'ada@acme.example' })).resolves.toBeUndefined();
    cognito.on(AdminCreateUserCommand).rejects(new InternalErrorException(fault));
    await expect(createSignIn({ id: 'usr_1', email: 'ada@acme.example' })).rejects.toThrow(InternalErrorException);
  });
});

describe('when a user was deactivated', () => {
  test('then the sign-in is disabled, if there is one', async () => {
    cognito.on(AdminDisableUserCommand).resolvesOnce({}).rejectsOnce(new UserNotFoundException(fault));
    await disableSignIn({ id: 'usr_1' });
    await disableSignIn({ id: 'usr_1' });
    expect(cognito.commandCalls(AdminDisableUserCommand)[0]?.args[0].input).toEqual({
      UserPoolId: 'pool',
      Username: 'usr_1',
    });
  });
});
