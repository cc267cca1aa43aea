import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { parseJson } from '../../shared/parse-json';
import { StarterRefused, StarterUnreachable } from '../errors';
import type { RouterPorts } from '../ports';

const AnswerSchema = v.object({
  runId: v.string(),
  taskArns: v.array(v.string()),
  taskDefinition: v.optional(v.string()),
  status: v.string(),
});

const FailureSchema = v.object({ errorType: v.string() });

/** Asks the starter, and waits for its answer: a refusal is the event's, and Lambda tries that again. */
export function starterOf(client: LambdaClient, functionName: string): RouterPorts['start'] {
  return async (request) => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      Payload: Buffer.from(JSON.stringify(request)),
    });
    const { FunctionError, Payload } = await client.send(command).catch((cause: unknown) => {
      throw new StarterUnreachable(cause instanceof Error ? cause.name : 'no reason is known', { cause });
    });
    const answer = parseJson(Buffer.from(Payload ?? []).toString('utf8'));
    if (FunctionError !== undefined) {
      const failure = v.safeParse(FailureSchema, answer);
      throw new StarterRefused(failure.success ? failure.output.errorType : FunctionError);
    }
    const parsed = v.safeParse(AnswerSchema, answer);
    if (!parsed.success) {
      throw new StarterUnreachable('its answer has no runId');
    }
    const { runId, taskArns, taskDefinition, status } = parsed.output;
    return { runId, taskArns, taskDefinition, status };
  };
}
