import {
  GetActivityTaskCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  type SFNClientConfig,
} from '@aws-sdk/client-sfn';
import type { TaskOutcomeCall } from '../../../shared/delivery/task-outcome';
import { pollFault } from '../poll-fault';
import type { Polled } from '../poll-loop';

/** A task that a poll has brought. Its token is all that is needed to answer for it, so nothing is parsed before. */
export interface ActivityTask {
  readonly taskToken: string;
  readonly input: string;
}

/** A Step Functions activity, as its worker sees it. */
export interface Activity {
  readonly poll: (cutOff: AbortSignal) => Promise<Polled<ActivityTask>>;
  readonly heartbeat: (taskToken: string, signal: AbortSignal) => Promise<void>;
  readonly tell: (call: TaskOutcomeCall) => Promise<void>;
}

interface ActivityOptions {
  readonly activityArn: string;
  readonly workerName: string;
  /** How many polls wait side by side, each on a connection of its own. */
  readonly polls: number;
  readonly poll: SFNClientConfig;
  readonly heartbeat: SFNClientConfig;
  readonly tell: SFNClientConfig;
}

/**
 * Step Functions holds a poll for up to 60 s, and wants clients to wait for 65 s at least.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html
 */
const POLL_MILLISECONDS = 70_000;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html */
const WORKER_NAME_CHARACTERS = 80;

/**
 * Three clients: polls hold their connections for a minute, and must not keep heartbeats and outcomes waiting for one;
 * a poll is not repeated by the SDK, as what the first one brought would be lost, and the loop backs off by itself.
 */
export function openActivity(options: ActivityOptions): Activity {
  const { activityArn, polls } = options;
  const poller = new SFNClient({
    ...options.poll,
    maxAttempts: 1,
    requestHandler: {
      ...options.poll.requestHandler,
      requestTimeout: POLL_MILLISECONDS,
      httpAgent: { keepAlive: true, maxSockets: polls },
      httpsAgent: { keepAlive: true, maxSockets: polls },
    },
  });
  const heart = new SFNClient(options.heartbeat);
  const teller = new SFNClient(options.tell);
  const workerName = options.workerName.slice(0, WORKER_NAME_CHARACTERS);
  return {
    poll: async (cutOff) => {
      try {
        const { taskToken, input } = await poller.send(new GetActivityTaskCommand({ activityArn, workerName }), {
          abortSignal: cutOff,
        });
        return taskToken === undefined || taskToken === ''
          ? { kind: 'nothing' }
          : { kind: 'task', task: { taskToken, input: input ?? '' } };
      } catch (thrown) {
        return pollFault(thrown);
      }
    },
    heartbeat: async (taskToken, signal) => {
      await heart.send(new SendTaskHeartbeatCommand({ taskToken }), { abortSignal: signal });
    },
    tell: async (call) => {
      await (call.call === 'success'
        ? teller.send(new SendTaskSuccessCommand(call.input))
        : teller.send(new SendTaskFailureCommand(call.input)));
    },
  };
}
