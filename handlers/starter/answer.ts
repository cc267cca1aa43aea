import { type CancelAnswer, cancelRun } from './cancel';
import { followRun } from './follow';
import { type ListAnswer, listRuns } from './list';
import type { StarterDeps } from './ports';
import { parseRequest } from './request';
import { type StartAnswer, startRun } from './start';
import { runStatus, type StatusAnswer } from './status';

/** What Lambda says of one invocation of the starter. */
export interface Invocation {
  readonly awsRequestId: string;
  /** The starter's own, as it was called. */
  readonly functionArn: string;
}

export type RequestAnswer = StartAnswer | StatusAnswer | ListAnswer | CancelAnswer;

export interface RequestContext extends Invocation {
  /** Says which runs are one and the same where a request has no idempotencyKey. */
  readonly requestId: string;
  /** Whether somebody hears the answer: a run that a message asks for is not waited for. */
  readonly isHeard: boolean;
}

/**
 * Does what a request asks for, whoever brought it.
 *
 * @throws {CodedError} errors.ts has every kind
 */
export async function answerRequest(
  event: unknown,
  context: RequestContext,
  deps: StarterDeps,
): Promise<RequestAnswer> {
  const { ports, settings, now, log } = deps;
  const { awsRequestId, functionArn, requestId, isHeard } = context;
  const request = parseRequest(event);
  switch (request.action) {
    case 'status':
      return runStatus(request.runId, { ledger: ports.ledger, now });
    case 'list': {
      const { runRetentionDays } = settings;
      return listRuns(request, { runs: ports.runs, now, starterArn: functionArn, runRetentionDays });
    }
    case 'cancel':
      return cancelRun(request.runId, { ports, now, log, cluster: settings.cluster, awsRequestId });
    case 'start': {
      const answer = await startRun(request, requestId, deps);
      return request.wait && isHeard ? followRun(answer.runId, deps) : answer;
    }
  }
}
