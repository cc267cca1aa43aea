import { isFinal, OPEN, type RunRecord, type RunStatus } from '../shared/run';
import { closeRefused, queueLaunch } from './after-launch';
import { planContainer, refusedTaskDefinition } from './container-plan';
import { deliveryOf, refusedDestination, renewedDelivery } from './delivery';
import { IdempotencyConflict, RunRefused, TaskNotStarted } from './errors';
import { identify, type RunIdentity } from './identity';
import { type Launch, launchText, parseLaunch } from './launch';
import { launchTask } from './launch-task';
import type { Refusal, StartPlan } from './placing';
import { planStart } from './plan';
import type { StarterDeps, Turn } from './ports';
import { settleOutcome } from './settle';
import type { StartRequest } from './start-request';

/** The answer to a request to start. */
export interface StartAnswer {
  readonly runId: string;
  /** Empty where the run waits for its turn, or began before its task was noted. */
  readonly taskArns: readonly string[];
  readonly taskDefinition: string | undefined;
  /** PENDING where the run waits in the launch queue: for the account's rate of launches, or for capacity. */
  readonly status: RunStatus;
  /** Of ECS, where it gave some along with the task. */
  readonly failures?: readonly string[];
}

const SECONDS_PER_DAY = 24 * 60 * 60;
const MILLISECONDS_PER_SECOND = 1000;

/** When the sweep looks at a new row: longer than a starter lives, so that it has started the run or queued it. */
const FIRST_CHECK_MILLISECONDS = 5 * 60 * MILLISECONDS_PER_SECOND;

/** What a starter keeps of its time, to put the launch into the queue. */
const HAND_OVER_MILLISECONDS = 5 * MILLISECONDS_PER_SECOND;

const DATE_CHARACTERS = 'yyyy-mm-dd'.length;

function newRecord(
  request: StartRequest,
  plan: StartPlan,
  identity: RunIdentity,
  { now, settings }: StarterDeps,
): RunRecord {
  const delivery = deliveryOf(request);
  const created = now().getTime();
  const createdAt = new Date(created).toISOString();
  return {
    runId: identity.runId,
    status: 'PENDING',
    attempt: 1,
    maxAttempts: plan.maxAttempts,
    ...plan.subject,
    requestHash: identity.requestHash,
    timeoutSeconds: plan.timeoutSeconds,
    inputBytes: plan.inputBytes,
    createdAt,
    createdDay: createdAt.slice(0, DATE_CHARACTERS),
    expiresAt: Math.floor(created / MILLISECONDS_PER_SECOND) + settings.runRetentionDays * SECONDS_PER_DAY,
    open: OPEN,
    checkAt: new Date(created + FIRST_CHECK_MILLISECONDS).toISOString(),
    launch: launchText(plan.launch),
    cluster: plan.launch.cluster,
    ...(delivery === undefined ? {} : { delivery }),
  };
}

/**
 * What to answer for a run that the ledger has already, or `undefined` where it is PENDING: then its start was cut off,
 * or waits in the queue, and goes on.
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
  const hasRun = record.startedAt !== undefined || record.attempts !== undefined;
  if (status === 'FAILED' && taskArn === undefined && !hasRun) {
    throw new TaskNotStarted(`The run ${runId} was not started: ${error?.errorMessage ?? 'no reason is known'}`);
  }
  return { runId, taskArns: taskArn === undefined ? [] : [taskArn], taskDefinition, status };
}

/**
 * Hands a known run over to whoever asks for it now, if that is another than the one before. Nobody else looks at a run
 * that has ended before the sweep does, so the watcher is asked to tell its outcome at once.
 */
async function renewDelivery(known: RunRecord, request: StartRequest, deps: StarterDeps): Promise<void> {
  const { ports, now, log } = deps;
  const delivery = renewedDelivery(known, request);
  if (delivery === undefined) {
    return;
  }
  const status = await ports.ledger.renewDelivery(known.runId, delivery, now().toISOString());
  log.info('delivery-renewed', { runId: known.runId, status: status ?? 'no row' });
  if (status !== undefined && isFinal(status)) {
    await settleOutcome({ runId: known.runId, delivery }, status, deps);
  }
}

/**
 * The same world, where the function that the request names is being looked up already: that reads alone, so that it may
 * go beside the ledger's own reading. Where the run is known nobody asks for the answer, or hears of a failure.
 */
function lookingUp(request: StartRequest, deps: StarterDeps): StarterDeps {
  if (!('arn' in request)) {
    return deps;
  }
  const found = deps.ports.lookUpFunction(request.arn);
  found.catch(() => undefined);
  return { ...deps, ports: { ...deps.ports, lookUpFunction: () => found } };
}

/** Looks up what is to run, and decides how. */
async function decide(request: StartRequest, identity: RunIdentity, deps: StarterDeps): Promise<StartPlan | Refusal> {
  const { ports, settings } = deps;
  if ('arn' in request) {
    return planStart({ request, settings, identity, configuration: await ports.lookUpFunction(request.arn) });
  }
  const refusal = refusedTaskDefinition(request, settings.containerTaskDefinitions);
  if (refusal !== undefined) {
    return refusal;
  }
  const definition = await ports.describeTaskDefinition(request.taskDefinition);
  return planContainer({ request, settings, identity, definition });
}

/** A run's row, and the turn of the pacer that was taken while it was written. */
interface Entered {
  readonly row: RunRecord;
  readonly turn?: Turn;
}

/**
 * Enters the run, or gives the row of whoever was quicker: then that counts. A launch whose input is not uploaded first
 * takes its turn meanwhile: both writes take as long as one. Of a run that is known already the turn is lost.
 */
async function enter(request: StartRequest, identity: RunIdentity, deps: StarterDeps): Promise<Entered> {
  const { ports, settings } = deps;
  const refusal = refusedDestination(request, settings.destinationArns);
  if (refusal !== undefined) {
    throw new RunRefused('DESTINATION_NOT_ALLOWED', `${refusal} Nothing was started.`);
  }
  const plan = await decide(request, identity, deps);
  if (plan.kind === 'refuse') {
    throw new RunRefused(plan.code, plan.reason);
  }
  const record = newRecord(request, plan, identity, deps);
  if (hasUpload(plan.launch)) {
    return { row: (await ports.ledger.create(record)) ?? record };
  }
  const [existing, turn] = await Promise.all([ports.ledger.create(record), ports.pacer.takeTurn('newcomer')]);
  return { row: existing ?? record, turn };
}

function hasUpload({ input }: Launch): boolean {
  return input !== undefined && 's3' in input;
}

/** Launches a PENDING run if its turn has come, else puts it into the queue. */
async function launchOrQueue(entered: Entered, identity: RunIdentity, deps: StarterDeps): Promise<StartAnswer> {
  const { ports, remainingMilliseconds } = deps;
  const { row } = entered;
  const { runId } = row;
  let taken = entered.turn;
  const result = await launchTask(
    row,
    {
      milliseconds: () => remainingMilliseconds() - HAND_OVER_MILLISECONDS,
      turn: async () => {
        const turn = taken ?? (await ports.pacer.takeTurn('newcomer'));
        taken = undefined;
        return turn.kind === 'now' ? turn : { kind: 'later', reason: 'the launch pacer has no turn for it yet' };
      },
    },
    deps,
  );
  switch (result.kind) {
    case 'started': {
      const { taskArns, taskDefinition, status, failures } = result;
      return { runId, taskArns, taskDefinition, status, ...(failures.length === 0 ? {} : { failures }) };
    }
    case 'refused':
      throw await closeRefused(row, result.reason, deps);
    case 'later':
      await queueLaunch(row, result.reason, false, deps);
      return { runId, taskArns: [], taskDefinition: undefined, status: 'PENDING' };
    case 'moved': {
      const moved = await ports.ledger.find(runId);
      const answer = moved === undefined ? undefined : answerKnown(moved, identity);
      return answer ?? { runId, taskArns: [], taskDefinition: undefined, status: 'PENDING' };
    }
  }
}

/**
 * Starts a run: looks the function or the task definition up, decides, enters the run in the ledger, then asks ECS for the task, or puts the
 * launch into the queue where the account's rate, or ECS, does not allow it yet. A repeated request gives the run that
 * it gave before; one whose start was cut off goes on where it stopped, under the same client token, so that ECS starts
 * one task.
 *
 * @throws {CodedError} errors.ts has every kind, and what each leaves behind
 */
export async function startRun(request: StartRequest, requestId: string, deps: StarterDeps): Promise<StartAnswer> {
  const { ports, settings, log } = deps;
  const identity = identify(request, requestId, settings.ledgerTable);
  const { runId } = identity;
  const ahead = lookingUp(request, deps);
  // It counts first, so that a repeated request is answered even if the function has been changed or deleted since.
  const known = await ports.ledger.find(runId);
  const entered = known === undefined ? await enter(request, identity, ahead) : { row: known };
  const { row } = entered;
  const knownAnswer = answerKnown(row, identity);
  await renewDelivery(row, request, deps);
  if (knownAnswer !== undefined) {
    log.info('run-known', { runId, status: knownAnswer.status });
    return knownAnswer;
  }
  const input = parseLaunch(row.launch)?.input;
  if (input !== undefined && 's3' in input) {
    // Again where the start was cut off: nobody knows whether it came so far.
    await ports.uploadInput({ ...input.s3, body: JSON.stringify(request.input) });
  }
  const answer = await launchOrQueue(entered, identity, deps);
  const { functionArn, unqualifiedFunctionArn: family } = row;
  const what = functionArn === undefined ? { family } : { functionArn };
  log.info('run-accepted', { runId, ...what, status: answer.status, taskArn: answer.taskArns[0] });
  return answer;
}
