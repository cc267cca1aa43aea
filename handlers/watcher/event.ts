import * as v from 'valibot';
import { CodedError } from '../shared/errors';
import { type StoppedTask, stoppedTask } from './stopped-task';

/** What the watcher is invoked for. */
export type WatcherRequest =
  | { readonly kind: 'stopped'; readonly runId: string; readonly task: StoppedTask }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'settle'; readonly runId: string };

/** An event that is none of the watcher's. Nothing was done. */
class InvalidEvent extends CodedError {
  readonly code = 'INVALID_EVENT';

  constructor(message: string) {
    super('INVALID_EVENT', message);
  }
}

/**
 * The parts that are read; ECS may add others at any time.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
const TaskEventSchema = v.object({
  source: v.literal('aws.ecs'),
  'detail-type': v.literal('ECS Task State Change'),
  detail: v.object({
    taskArn: v.pipe(v.string(), v.minLength(1)),
    lastStatus: v.literal('STOPPED'),
    startedBy: v.pipe(v.string(), v.minLength(1)),
    stopCode: v.exactOptional(v.string()),
    stoppedReason: v.exactOptional(v.string()),
    startedAt: v.exactOptional(v.string()),
    containers: v.array(
      v.object({
        name: v.exactOptional(v.string()),
        exitCode: v.exactOptional(v.pipe(v.number(), v.integer())),
        reason: v.exactOptional(v.string()),
      }),
    ),
    overrides: v.exactOptional(
      v.object({
        containerOverrides: v.exactOptional(
          v.array(
            v.object({
              environment: v.exactOptional(
                v.array(v.object({ name: v.exactOptional(v.string()), value: v.exactOptional(v.string()) })),
              ),
            }),
          ),
        ),
      }),
    ),
  }),
});

const ActionSchema = v.variant('action', [
  v.strictObject({ action: v.literal('sweep') }),
  v.strictObject({ action: v.literal('settle'), runId: v.pipe(v.string(), v.startsWith('run-')) }),
]);

function isTaskEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'detail-type' in event;
}

function parse<Schema extends v.GenericSchema>(schema: Schema, event: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, event);
  if (parsed.success) {
    return parsed.output;
  }
  const parts = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`).join('. ');
  throw new InvalidEvent(
    'The watcher takes an "ECS Task State Change" event of a STOPPED task with a startedBy, {"action": "sweep"} and ' +
      `{"action": "settle", "runId": "run-..."}. This event is none of them (${parts}).`,
  );
}

/** @throws {InvalidEvent} naming what is wrong */
export function parseEvent(event: unknown): WatcherRequest {
  if (!isTaskEvent(event)) {
    const request = parse(ActionSchema, event);
    return request.action === 'sweep' ? { kind: 'sweep' } : { kind: 'settle', runId: request.runId };
  }
  const { detail } = parse(TaskEventSchema, event);
  return { kind: 'stopped', runId: detail.startedBy, task: stoppedTask(detail.taskArn, detail) };
}
