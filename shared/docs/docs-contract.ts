import * as z from 'zod';
import { contract } from '#shared/core/contract.ts';

export const getOpenapi = contract({
  operation: 'get-openapi',
  summary: 'This document',
  answers: { 200: z.looseObject({ openapi: z.string() }).meta({ description: 'An OpenAPI 3.1 document' }) },
  errors: [],
});

export const readDocs = contract({
  operation: 'read-docs',
  summary: 'This document as a page to read and try',
  answers: { 200: z.string() },
  media: ['text/html'],
  errors: [],
});

export const readDocsScript = contract({
  operation: 'read-docs-script',
  summary: 'The script behind that page',
  answers: { 200: z.string() },
  media: ['text/javascript'],
  errors: [],
});
