import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { setting } from '#shared/platform/config.ts';
import type { User } from './user.ts';

/**
 * Sign-ins live in the user pool, under our user's id; roles and partners do not, so the two never have to be kept in step. Both
 * commands may be repeated.
 */
const pool = new CognitoIdentityProviderClient({});

const ignore =
  (...expected: readonly (new (...details: never[]) => Error)[]) =>
  (error: unknown): void => {
    if (!expected.some((kind) => error instanceof kind)) throw error;
  };

/**
 * Creates the sign-in of an invited user; Cognito sends the invitation. The address moves to it from a sign-in that had it before:
 * our own record holds that no two users who are not deactivated share one.
 */
export const createSignIn = async (user: Pick<User, 'id' | 'email'>): Promise<void> => {
  await pool
    .send(
      new AdminCreateUserCommand({
        UserPoolId: setting('USER_POOL_ID'),
        Username: user.id,
        UserAttributes: [
          { Name: 'email', Value: user.email },
          { Name: 'email_verified', Value: 'true' },
        ],
        DesiredDeliveryMediums: ['EMAIL'],
        ForceAliasCreation: true,
      }),
    )
    .catch(ignore(UsernameExistsException));
};

/** Nobody signs in as this user any more. What was issued before ends by our own record, which the authorizer reads. */
export const disableSignIn = async (user: Pick<User, 'id'>): Promise<void> => {
  await pool
    .send(new AdminDisableUserCommand({ UserPoolId: setting('USER_POOL_ID'), Username: user.id }))
    .catch(ignore(UserNotFoundException));
};
