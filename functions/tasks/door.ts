import { door } from '#functions/http/door.ts';
import { listPartnerTasks } from './list-partner-tasks.ts';
import { listProgramTasks } from './list-program-tasks.ts';

export const handler = door('tasks', [listPartnerTasks, listProgramTasks]);
