import type { SQSBatchResponse } from 'aws-lambda';
import { CodedError } from '../shared/errors';
import { parseFunctionName } from '../shared/function-name';
import { type CancelAnswer, cancelRun } from './cancel';
import { type CarryOutDeps, carryOutBatch, carryOutEvent, type EventAnswer } from './entrances/carry-out';
import { readEntrance } from './entrances/entrance';
import type { OrderSettings } from './entrances/orders';
import { type UrlAnswer, urlBody, urlFailure, urlSuccess } from './entrances/url';
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
  readonly remainingMilliseconds: () => number;
}

export type RequestAnswer = StartAnswer | StatusAnswer | ListAnswer | CancelAnswer;

export type StarterAnswer = RequestAnswer | EventAnswer<RequestAnswer> | SQSBatchResponse | UrlAnswer;

export type Starter = (event: unknown, invocation: Invocation) => Promise<StarterAnswer>;

/** What a request of a batch may still take; one for which less is left goes back to its queue unbegun. */
const REQUEST_MILLISECONDS = 10_000;

function orderSettings({ settings }: StarterDeps, { functionArn }: Invocation): OrderSettings {
  return {
    eventRequests: settings.eventRequests,
    overflow: {
      causes: settings.overflowCauses,
      ownFunctionName: parseFunctionName(functionArn)?.functionName ?? functionArn,
    },
  };
}

/** The starter: reads what it is invoked with, does it, and logs what came of it without a word of what it carried. */
export function createStarter(deps: StarterDeps): Starter {
  const { ports, settings, now, log } = deps;

  const answer = async (event: unknown, requestId: string, invocation: Invocation): Promise<RequestAnswer> => {
    const { awsRequestId, functionArn } = invocation;
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
      case 'start':
        return startRun(request, requestId, deps);
    }
  };

  const logFailure = (error: unknown, awsRequestId: string) => {
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED';
    const reason = error instanceof Error ? error.message : String(error);
    log.error('request-failed', { awsRequestId, code, reason });
  };

  const answerEvent = async (event: unknown, invocation: Invocation): Promise<StarterAnswer> => {
    const { awsRequestId, remainingMilliseconds } = invocation;
    const entrance = readEntrance(event, awsRequestId, orderSettings(deps, invocation));
    const carryOutDeps: CarryOutDeps<RequestAnswer> = {
      answer: (request, requestId) => answer(request, requestId, invocation),
      log,
      hasTime: () => remainingMilliseconds() >= REQUEST_MILLISECONDS,
    };
    switch (entrance.kind) {
      case 'direct':
        return answer(entrance.event, awsRequestId, invocation);
      case 'url':
        try {
          return urlSuccess(await answer(urlBody(entrance.request), awsRequestId, invocation));
        } catch (error) {
          logFailure(error, awsRequestId);
          return urlFailure(error, awsRequestId);
        }
      case 'queue':
        return carryOutBatch(entrance, carryOutDeps);
      case 'event':
        return carryOutEvent(entrance.orders, carryOutDeps);
    }
  };

  return async (event, invocation) => {
    try {
      return await answerEvent(event, invocation);
    } catch (error) {
      logFailure(error, invocation.awsRequestId);
      throw error;
    }
  };
}
