import { TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { DEFAULT_LOG_RETENTION_DAYS, refuse } from './parts/checks';
import { scheduleDashboard } from './parts/dashboard';
import { eventBridgeSchedules } from './parts/eventbridge-schedules';
import type { Outputs } from './parts/outputs';
import { currentAccount, currentPlace } from './parts/place';
import { registrar } from './parts/registrar';
import { BASE_IMAGE_PREFIX } from './parts/runner-images';
import { eventBridgeAlarms, scheduleAlarms } from './parts/schedule-alarms';
import { scheduleItems } from './parts/schedule-items';
import { scheduleTables } from './parts/schedule-tables';
import { schedulerService } from './parts/scheduler-service';
import { scheduleRows } from './parts/schedules';
import {
  DEFAULT_LATENESS_MILLISECONDS,
  DEFAULT_SCHEDULER_COUNT,
  DEFAULT_SCHEDULER_SIZE,
  type ScheduleProps,
  type SchedulerProps,
  type SchedulerServiceSettings,
  schedulerProblems,
} from './scheduler-props';

/** Schedules that fire once, on time: the tables, the registrar and the service; or EventBridge Scheduler in their place. */
export class Scheduler extends Construct {
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: SchedulerProps) {
    super(scope, id);
    refuse('The scheduler', schedulerProblems(props));
    new TerraformLocal(this, 'declared_schedules', scheduleRows(props.schedules ?? {}));
    this.outputs = props.engine === 'eventbridge' ? this.#withEventBridge(props) : this.#withService(props);
  }

  #withService(props: ScheduleProps & SchedulerServiceSettings): Outputs {
    const { name } = props;
    const place = currentPlace(this);
    const architecture = props.architecture ?? 'arm64';
    const tables = scheduleTables(this, { name, deletionProtection: props.tableDeletionProtection ?? false });
    scheduleItems(this, tables.schedules);
    const writing = registrar(this, {
      name,
      architecture,
      logRetentionDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
      tables,
      otherTableArns: props.otherTableArns ?? [],
      starterFunctionName: props.starterFunctionName,
      starterFunctionArn: props.starterFunctionArn,
    });
    const service = schedulerService(this, {
      name,
      place,
      clusterArn: props.clusterArn,
      subnetIds: props.subnetIds,
      securityGroupIds: props.securityGroupIds,
      assignPublicIp: props.assignPublicIp,
      logGroupName: props.logGroupName,
      logGroupArn: props.logGroupArn,
      ledgerTableName: props.ledgerTableName,
      ledgerTableArn: props.ledgerTableArn,
      payloadBucketName: props.payloadBucketName,
      starterFunctionName: props.starterFunctionName,
      starterFunctionArn: props.starterFunctionArn,
      tables,
      count: props.schedulerCount ?? DEFAULT_SCHEDULER_COUNT,
      cpu: props.cpu ?? DEFAULT_SCHEDULER_SIZE.cpu,
      memoryMiB: props.memoryMiB ?? DEFAULT_SCHEDULER_SIZE.memoryMiB,
      capacity: props.capacity ?? 'FARGATE',
      architecture,
      image: props.image,
      imageRepositoryArns: props.imageRepositoryArns ?? [],
      baseImagePrefix: props.baseImagePrefix ?? BASE_IMAGE_PREFIX,
    });
    const watched = {
      name,
      schedulesTable: tables.schedules.name,
      registrarFunctionName: writing.function.functionName,
      registrarDeadLettersName: writing.deadLetters.name,
    };
    scheduleAlarms(this, {
      ...watched,
      latenessMilliseconds: props.latenessMilliseconds ?? DEFAULT_LATENESS_MILLISECONDS,
      alarmActions: props.alarmActions ?? [],
    });
    scheduleDashboard(this, { ...watched, region: place.region });
    return {
      registrar_function_name: {
        value: writing.function.functionName,
        description:
          'Name of the registrar: invoke it to put, get, list, pause, resume, trigger, backfill and delete schedules.',
      },
      registrar_function_arn: {
        value: writing.function.arn,
        description: 'ARN of the registrar: the ServiceToken of a custom resource of CloudFormation.',
      },
      registrar_dead_letter_queue_url: {
        value: writing.deadLetters.url,
        description: 'URL of the queue of what the registrar could not do.',
      },
      schedules_table_name: { value: tables.schedules.name, description: 'Name of the DynamoDB table of schedules.' },
      schedules_table_arn: { value: tables.schedules.arn, description: 'ARN of the DynamoDB table of schedules.' },
      schedule_states_table_name: {
        value: tables.states.name,
        description: 'Name of the DynamoDB table of what became of each schedule.',
      },
      service_name: { value: service.name, description: 'Name of the ECS service that fires the slots.' },
    };
  }

  #withEventBridge({ name, starterFunctionArn, schedules, alarmActions }: ScheduleProps): Outputs {
    const { group, deadLetters } = eventBridgeSchedules(this, {
      name,
      account: currentAccount(this),
      starterFunctionArn,
      schedules: schedules ?? {},
    });
    eventBridgeAlarms(this, {
      name,
      groupName: group.name,
      deadLetterQueueName: deadLetters.name,
      alarmActions: alarmActions ?? [],
    });
    return {
      schedule_group_name: {
        value: group.name,
        description: "Name of EventBridge Scheduler's group of the schedules.",
      },
      schedule_dead_letter_queue_url: {
        value: deadLetters.url,
        description: 'URL of the queue of invocations that EventBridge Scheduler gave up.',
      },
    };
  }
}
