import { CodedError } from '../shared/errors';
import type { StarterDeps } from './ports';
import { parseRequest } from './request';
import { type StartAnswer, startRun } from './start';
import { runStatus, type StatusAnswer } from './status';

export type Starter = (event: unknown, awsRequestId: string) => Promise<StartAnswer | StatusAnswer>;

/** The starter: reads a request, does it, and logs what came of it without a word of what it carried. */
export function createStarter(deps: StarterDeps): Starter {
  return async (event, awsRequestId) => {
    try {
      const request = parseRequest(event);
      return request.action === 'status'
        ? await runStatus(request.runId, { ledger: deps.ports.ledger, now: deps.now })
        : await startRun(request, awsRequestId, deps);
    } catch (error) {
      const code = error instanceof CodedError ? error.code : 'UNEXPECTED';
      const reason = error instanceof Error ? error.message : String(error);
      deps.log.error('request-failed', { awsRequestId, code, reason });
      throw error;
    }
  };
}
