import { randomBytes } from 'node:crypto';

// Runs before each test file is loaded, so a store that reads its table's name when it is imported already gets this file's own.
// One line for each request would bury what tests say.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.PROGRAM_TABLE = `test-${randomBytes(6).toString('hex')}-program`;
// Links to documents are signed without asking anybody whether the bucket is there.
process.env.DOCUMENTS_BUCKET ??= 'documents';
