import type { ModuleDefinition } from './module-definition';
import { activitiesModule } from './modules/activities';
import { clusterModule } from './modules/cluster';
import { databaseTriggerModule } from './modules/database-trigger';
import { overtimeModule } from './modules/overtime';
import { queueWorkerModule } from './modules/queue-worker';
import { runnerModule } from './modules/runner';
import { schedulerModule } from './modules/scheduler';
import { schedulerEventbridgeModule } from './modules/scheduler-eventbridge';
import { schedulerServiceModule } from './modules/scheduler-service';
import { starterModule } from './modules/starter';

/** Every Terraform module that is generated, each after those that it calls. */
export const MODULE_DEFINITIONS: readonly ModuleDefinition[] = [
  clusterModule,
  runnerModule,
  starterModule,
  activitiesModule,
  overtimeModule,
  schedulerServiceModule,
  schedulerEventbridgeModule,
  schedulerModule,
  databaseTriggerModule,
  queueWorkerModule,
];
