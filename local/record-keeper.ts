import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ControlError } from './control/control-error.ts';
import type { Person } from './identity/identity.ts';
import { ensurePersonaRecord } from './persona-record.ts';

export interface RecordKeeper {
  /** Says where records are kept; known once the templates are read. */
  readonly use: (client: DynamoDBClient, tableName: string) => void;
  /** Makes our own record of a person if it is not there; throws ControlError when there is one that says something else. */
  readonly ensure: (person: Person) => Promise<void>;
}

/** Our own records of the people who sign in on the laptop: what the authorizer looks up behind a token. */
export const createRecordKeeper = (now: () => string): RecordKeeper => {
  let table: { readonly client: DynamoDBClient; readonly name: string } | undefined;
  return {
    use: (client, name) => {
      table = { client, name };
    },
    ensure: async (person) => {
      if (!table) throw new ControlError('The laptop is still starting.');
      const stored = await ensurePersonaRecord(table.client, table.name, { ...person, now: now() });
      if (stored.role === person.role && stored.partnerId === person.partnerId) return;
      const partner = stored.partnerId === undefined ? '' : ` of ${stored.partnerId}`;
      throw new ControlError(`${person.id} is already there as ${stored.role}${partner}: give another sub.`);
    },
  };
};
