import { door } from '#functions/http/door.ts';
import { getOpenapi } from './get-openapi.ts';
import { readDocs } from './read-docs.ts';
import { readDocsScript } from './read-docs-script.ts';

export const handler = door('docs', [getOpenapi, readDocs, readDocsScript]);
