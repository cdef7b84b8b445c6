import { door } from '#functions/http/door.ts';
import { getProgramGuide } from './get-program-guide.ts';

export const handler = door('guide', [getProgramGuide]);
