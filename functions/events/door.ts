import { door } from '#functions/http/door.ts';
import { listEvents } from './list-events.ts';

export const handler = door('events', [listEvents]);
