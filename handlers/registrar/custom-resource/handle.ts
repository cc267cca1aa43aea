import { CodedError } from '../../shared/errors';
import { NotAnswered, OutOfTime } from '../errors';
import type { RegistrarDeps, Row } from '../ports';
import { answerBody, answerUrl, type Outcome, physicalId } from './answer';
import { applyResource } from './apply';

/** What is kept of the function's time to send an answer in, so that there is one before Lambda ends the function. */
const ANSWER_MILLISECONDS = 15_000;

/** Of a function with little time, no more than this is kept. */
const ANSWER_SHARE = 0.5;

/** What is kept at the end, to log what became of the answer. */
const MARGIN_MILLISECONDS = 500;

const TRY_MILLISECONDS = 5_000;
const FIRST_WAIT_MILLISECONDS = 200;

function reasonOf(error: unknown): string {
  if (error instanceof CodedError) {
    return `${error.code}: ${error.message}`;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/**
 * What became of the request, at the latest when it is time to answer. What is not done by then is given up: Lambda may
 * thaw the process for the deletion that follows, and a write that went on would bring the row back after it.
 */
async function outcomeInTime(event: Row, deps: RegistrarDeps): Promise<Outcome> {
  const { sleep, remainingMilliseconds } = deps;
  const answered = new AbortController();
  const { ports } = deps;
  const schedules: typeof ports.schedules = (place) => ports.schedules(place, answered.signal);
  const failed = (error: unknown): Outcome => ({ status: 'FAILED', reason: reasonOf(error) });
  const outOfTime = async () => {
    const left = remainingMilliseconds();
    await sleep(Math.max(left - Math.min(ANSWER_MILLISECONDS, left * ANSWER_SHARE), 0), answered.signal);
    return failed(new OutOfTime());
  };
  try {
    return await Promise.race([
      applyResource(event, { ...deps, ports: { ...ports, schedules } }).catch(failed),
      outOfTime(),
    ]);
  } finally {
    answered.abort();
  }
}

type Sent = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'failed'; readonly reason: string };

async function sendOnce(url: URL, body: string, deps: RegistrarDeps): Promise<Sent> {
  const left = deps.remainingMilliseconds() - MARGIN_MILLISECONDS;
  try {
    const status = await deps.ports.sendAnswer(url, body, Math.max(Math.min(TRY_MILLISECONDS, left), 1));
    if (status >= 200 && status < 300) {
      return { kind: 'taken' };
    }
    return { kind: status >= 500 || status === 429 ? 'failed' : 'refused', reason: `HTTP ${status}` };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** @throws {NotAnswered} when the address refuses the answer, or did not take it in time */
async function send(url: URL, body: string, deps: RegistrarDeps): Promise<void> {
  for (let wait = FIRST_WAIT_MILLISECONDS; ; wait *= 2) {
    const sent = await sendOnce(url, body, deps);
    if (sent.kind === 'taken') {
      return;
    }
    const hasTime = deps.remainingMilliseconds() - wait > MARGIN_MILLISECONDS;
    if (sent.kind === 'refused' || !hasTime) {
      throw new NotAnswered(
        `CloudFormation did not take the answer: ${sent.reason}. The stack waits until its time-out.`,
      );
    }
    deps.log.warn('answer.tried', { reason: sent.reason });
    await deps.sleep(wait);
  }
}

export interface CustomResourceAnswer {
  readonly physicalResourceId: string;
  readonly status: Outcome['status'];
}

/**
 * Carries out an event of a CloudFormation custom resource and answers it, whatever comes of it. Lambda brings an event again
 * whose answer was not taken, and what was done is then done once more, to the same end.
 *
 * @throws {NotAnswered} when there is nobody to answer, or no way to
 */
export async function handleResource(event: Row, deps: RegistrarDeps): Promise<CustomResourceAnswer> {
  const url = answerUrl(event);
  if (url === undefined) {
    throw new NotAnswered(
      'ResponseURL is missing or no https:// address, so that nobody can be told what comes of the request. Nothing was done.',
    );
  }
  const outcome = await outcomeInTime(event, deps);
  const physicalResourceId = physicalId(event);
  const { status, reason } = outcome;
  const log = status === 'SUCCESS' ? deps.log.info : deps.log.error;
  log('resource.decided', { physicalResourceId, status, reason });
  await send(url, answerBody(event, outcome), deps);
  return { physicalResourceId, status };
}
