import { CodedError } from '../shared/errors';
import { parseFunctionName } from '../shared/function-name';
import { answerRequest, type Invocation, type RequestAnswer } from './answer';
import { type BatchAnswer, consumeLaunches } from './consume';
import { type CarryOutDeps, carryOutBatch, carryOutEvent, type EventAnswer } from './entrances/carry-out';
import { readEntrance } from './entrances/entrance';
import type { OrderSettings } from './entrances/orders';
import { type UrlAnswer, urlBody, urlFailure, urlSuccess } from './entrances/url';
import { launchRecords } from './launch-event';
import type { StarterDeps } from './ports';

type StarterAnswer = RequestAnswer | EventAnswer<RequestAnswer> | BatchAnswer | UrlAnswer;

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
  const { settings, log, remainingMilliseconds } = deps;

  const logFailure = (error: unknown, awsRequestId: string) => {
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED';
    const reason = error instanceof Error ? error.message : String(error);
    log.error('request-failed', { awsRequestId, code, reason });
  };

  const answerEvent = async (event: unknown, invocation: Invocation): Promise<StarterAnswer> => {
    const launches = launchRecords(event, settings.launchQueueUrl);
    if (launches !== undefined) {
      return consumeLaunches(launches, deps);
    }
    const { awsRequestId } = invocation;
    const heard = { ...invocation, requestId: awsRequestId, isHeard: true };
    const forRecords: CarryOutDeps<RequestAnswer> = {
      answer: (request, requestId) => answerRequest(request, { ...invocation, requestId, isHeard: false }, deps),
      log,
      hasTime: () => remainingMilliseconds() >= REQUEST_MILLISECONDS,
    };
    const entrance = readEntrance(event, awsRequestId, orderSettings(deps, invocation));
    switch (entrance.kind) {
      case 'direct':
        return answerRequest(entrance.event, heard, deps);
      case 'url':
        try {
          return urlSuccess(await answerRequest(urlBody(entrance.request), heard, deps));
        } catch (error) {
          logFailure(error, awsRequestId);
          return urlFailure(error, awsRequestId);
        }
      case 'queue':
        return carryOutBatch(entrance, forRecords);
      case 'event':
        return carryOutEvent(entrance.orders, forRecords);
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
