import { randomBytes } from 'node:crypto';

// Runs before each test file is loaded, so a store that reads its table's name when it is imported already gets this file's own.
// One line for each request would bury what tests say.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
const own = `test-${randomBytes(6).toString('hex')}`;
process.env.PROGRAM_TABLE = `${own}-program`;
process.env.ACTIVITY_TABLE = `${own}-activity`;
// Links to documents are signed without asking anybody whether the bucket is there.
process.env.DOCUMENTS_BUCKET ??= 'documents';
