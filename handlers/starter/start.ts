import type { RunRecord, RunStatus } from '../shared/run';
import { deliveryOf, refusedDestination, renewedDelivery } from './delivery';
import { IdempotencyConflict, RunRefused, StartThrottled, StartUncertain, TaskNotStarted } from './errors';
import { identify, type RunIdentity } from './identity';
import { planStart, type StartPlan } from './plan';
import type { StarterDeps } from './ports';
import type { StartRequest } from './request';
import type { TaskOutcome } from './task-outcome';

/** The answer to a request to start. */
export interface StartAnswer {
  readonly runId: string;
  /** Empty where the run began before its task was noted. */
  readonly taskArns: readonly string[];
  readonly taskDefinition: string | undefined;
  readonly status: RunStatus;
}

const SECONDS_PER_DAY = 24 * 60 * 60;
const MILLISECONDS_PER_SECOND = 1000;

function newRecord(request: StartRequest, plan: StartPlan, identity: RunIdentity, deps: StarterDeps): RunRecord {
  const createdAt = deps.now();
  const createdSeconds = Math.floor(createdAt.getTime() / MILLISECONDS_PER_SECOND);
  const delivery = deliveryOf(request);
  return {
    runId: identity.runId,
    status: 'PENDING',
    attempt: identity.attempt,
    functionArn: plan.functionArn,
    requestHash: identity.requestHash,
    timeoutSeconds: plan.timeoutSeconds,
    inputBytes: plan.inputBytes,
    createdAt: createdAt.toISOString(),
    expiresAt: createdSeconds + deps.settings.runRetentionDays * SECONDS_PER_DAY,
    cluster: request.cluster ?? deps.settings.cluster,
    ...(delivery === undefined ? {} : { delivery }),
  };
}

/**
 * What to answer for a run that the ledger has already, or `undefined` where its start was cut off and has to go on.
 *
 * @throws {IdempotencyConflict} when it belongs to another request
 * @throws {TaskNotStarted} when ECS refused it: a caller that tries again must not take that for a success
 */
function answerKnown(record: RunRecord, identity: RunIdentity): StartAnswer | undefined {
  const { runId, status, taskArn, taskDefinition, error } = record;
  if (record.requestHash !== identity.requestHash) {
    throw new IdempotencyConflict(
      `The run ${runId} has this idempotency key, and its request was another one: give a new idempotencyKey, or ` +
        'repeat the request as it was.',
    );
  }
  if (status === 'PENDING') {
    return undefined;
  }
  if (status === 'FAILED' && taskArn === undefined && record.startedAt === undefined) {
    throw new TaskNotStarted(`The run ${runId} was not started: ${error?.errorMessage ?? 'no reason is known'}`);
  }
  return { runId, taskArns: taskArn === undefined ? [] : [taskArn], taskDefinition, status };
}

/** Hands a known run over to whoever asks for it now, if that is another than the one before. */
async function renewDelivery(known: RunRecord, request: StartRequest, { ports, now, log }: StarterDeps): Promise<void> {
  const delivery = renewedDelivery(known, request);
  if (delivery !== undefined) {
    const status = await ports.ledger.renewDelivery(known.runId, delivery, now().toISOString());
    log.info('delivery-renewed', { runId: known.runId, status: status ?? 'no row' });
  }
}

async function noteTask(
  accepted: Extract<TaskOutcome, { kind: 'accepted' }>,
  plan: StartPlan,
  runId: string,
  { ports, settings, log }: StarterDeps,
): Promise<StartAnswer> {
  const { taskArns } = accepted;
  const [taskArn] = taskArns;
  const taskDefinition = accepted.taskDefinition ?? plan.runTask.taskDefinition;
  const cluster = plan.runTask.cluster ?? settings.cluster;
  if (taskArn === undefined || taskDefinition === undefined) {
    throw new StartUncertain(`ECS accepted the run ${runId} without naming its task.`);
  }
  try {
    const status = await ports.ledger.markStarting(runId, { cluster, taskDefinition, taskArn });
    return { runId, taskArns, taskDefinition, status };
  } catch (error) {
    // The task is there and will write to the ledger itself. To fail here would make callers start a second one.
    log.error('task-not-noted', { runId, taskArn, reason: error instanceof Error ? error.message : String(error) });
    return { runId, taskArns, taskDefinition, status: 'STARTING' };
  }
}

async function runTask(plan: StartPlan, runId: string, deps: StarterDeps): Promise<StartAnswer> {
  const outcome = await deps.ports.runTask(plan.runTask);
  switch (outcome.kind) {
    case 'accepted':
      return noteTask(outcome, plan, runId, deps);
    case 'refused': {
      const error = new TaskNotStarted(`ECS started no task for the run ${runId}: ${outcome.reason}`);
      const reported = { errorType: error.code, errorMessage: outcome.reason };
      await deps.ports.ledger.markFailed(runId, reported, deps.now().toISOString());
      throw error;
    }
    case 'throttled':
      throw new StartThrottled(
        `ECS is throttling and started no task for the run ${runId}: ${outcome.reason}. Try again with the same ` +
          'idempotencyKey.',
      );
    case 'uncertain':
      throw new StartUncertain(
        `It is not known whether ECS started a task for the run ${runId}: ${outcome.reason}. Try again with the same ` +
          'idempotencyKey: a task that is there is found, and no second one started.',
      );
  }
}

/**
 * Starts a run: looks the function up, decides, enters the run in the ledger, then asks ECS for the task. A repeated
 * request gives the run that it gave before; one whose start was cut off goes on where it stopped, under the same
 * client token, so that ECS starts one task.
 *
 * @throws {CodedError} errors.ts has every kind, and what each leaves behind
 */
export async function startRun(request: StartRequest, awsRequestId: string, deps: StarterDeps): Promise<StartAnswer> {
  const { ports, settings, log } = deps;
  const identity = identify(request, awsRequestId, settings.ledgerTable);
  const { runId } = identity;
  // First, so that a repeated request is answered even if the function has been changed or deleted since.
  const known = await ports.ledger.find(runId);
  const knownAnswer = known === undefined ? undefined : answerKnown(known, identity);
  if (known !== undefined) {
    await renewDelivery(known, request, deps);
  }
  if (knownAnswer !== undefined) {
    log.info('run-known', { runId, status: knownAnswer.status });
    return knownAnswer;
  }
  const refusal = refusedDestination(request, settings.destinationArns);
  if (refusal !== undefined) {
    throw new RunRefused('DESTINATION_NOT_ALLOWED', `${refusal} Nothing was started.`);
  }
  const configuration = await ports.lookUpFunction(request.arn);
  const plan = planStart({ request, settings, configuration, identity });
  if (plan.kind === 'refuse') {
    throw new RunRefused(plan.code, plan.reason);
  }
  if (known === undefined) {
    // Another invocation with the same key may have been quicker: then its row counts.
    const existing = await ports.ledger.create(newRecord(request, plan, identity, deps));
    const existingAnswer = existing === undefined ? undefined : answerKnown(existing, identity);
    if (existing !== undefined) {
      await renewDelivery(existing, request, deps);
    }
    if (existingAnswer !== undefined) {
      return existingAnswer;
    }
  }
  if (plan.upload !== undefined) {
    await ports.uploadInput(plan.upload);
  }
  const answer = await runTask(plan, runId, deps);
  log.info('run-started', { runId, functionArn: plan.functionArn, status: answer.status, taskArn: answer.taskArns[0] });
  return answer;
}
