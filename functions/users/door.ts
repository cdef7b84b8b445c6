import { door } from '#functions/http/door.ts';
import { createApiKey } from './create-api-key.ts';
import { deactivateUser } from './deactivate-user.ts';
import { inviteUser } from './invite-user.ts';
import { listApiKeys } from './list-api-keys.ts';
import { listUsers } from './list-users.ts';
import { revokeApiKey } from './revoke-api-key.ts';

export const handler = door('users', [listUsers, inviteUser, deactivateUser, listApiKeys, createApiKey, revokeApiKey]);
