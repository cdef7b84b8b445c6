import { door } from '#functions/http/door.ts';
import { createDocument } from './create-document.ts';
import { getDocument } from './get-document.ts';

export const handler = door('documents', [createDocument, getDocument]);
