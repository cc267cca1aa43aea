import { activities } from './patterns/activities';
import { databaseTrigger } from './patterns/database-trigger';
import { everything } from './patterns/everything';
import { queueWorker } from './patterns/queue-worker';
import { runAFunction } from './patterns/run-a-function';
import { schedules } from './patterns/schedules';
import type { Picture } from './picture';

/** Every picture of docs/pictures. */
export const PICTURES: readonly Picture[] = [
  runAFunction,
  schedules,
  queueWorker,
  activities,
  databaseTrigger,
  everything,
];
