import { door } from '#functions/http/door.ts';
import { recordKnownAccount } from './record-known-account.ts';

export const handler = door('known-accounts', [recordKnownAccount]);
