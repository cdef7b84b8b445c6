import { door } from '#functions/http/door.ts';
import { getStatement } from './get-statement.ts';
import { getStatementsOverview } from './get-statements-overview.ts';
import { listStatements } from './list-statements.ts';

export const handler = door('statements', [listStatements, getStatement, getStatementsOverview]);
