import type { SQSBatchResponse } from 'aws-lambda';
import { CodedError } from '../shared/errors';
import { consumeLaunches } from './consume';
import { followRun } from './follow';
import { launchRecords } from './launch-event';
import type { StarterDeps } from './ports';
import { parseRequest, type StartRequest } from './request';
import { type StartAnswer, startRun } from './start';
import { runStatus, type StatusAnswer } from './status';

export type Starter = (event: unknown, awsRequestId: string) => Promise<StartAnswer | StatusAnswer | SQSBatchResponse>;

async function startAndFollow(request: StartRequest, awsRequestId: string, deps: StarterDeps) {
  const answer = await startRun(request, awsRequestId, deps);
  return request.wait === true ? followRun(answer.runId, deps) : answer;
}

/** The starter: reads a request, does it, and logs what came of it without a word of what it carried. */
export function createStarter(deps: StarterDeps): Starter {
  return async (event, awsRequestId) => {
    try {
      const launches = launchRecords(event, deps.settings.launchQueueUrl);
      if (launches !== undefined) {
        return await consumeLaunches(launches, deps);
      }
      const request = parseRequest(event);
      return request.action === 'status'
        ? await runStatus(request.runId, { ledger: deps.ports.ledger, now: deps.now })
        : await startAndFollow(request, awsRequestId, deps);
    } catch (error) {
      const code = error instanceof CodedError ? error.code : 'UNEXPECTED';
      const reason = error instanceof Error ? error.message : String(error);
      deps.log.error('request-failed', { awsRequestId, code, reason });
      throw error;
    }
  };
}
