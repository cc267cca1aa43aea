import { parseFunctionName } from './function-name';
import type { RunRecord } from './run';
import { parseTaskDefinitionName } from './task-definition-name';

/** What a run is of, as those are told who hear of its outcome. */
export interface WhatRan {
  /** Of the function, with the qualifier that the caller gave, or of the task definition. */
  readonly arn: string;
  /** Of the function, or of the task definition's family. */
  readonly name: string;
}

/** A run has a function; a container run has its task definition in that one's place. */
export function whatRan({ functionArn, taskDefinition, runId }: RunRecord): WhatRan {
  if (functionArn !== undefined) {
    return { arn: functionArn, name: parseFunctionName(functionArn)?.functionName ?? functionArn };
  }
  const arn = taskDefinition ?? runId;
  return { arn, name: parseTaskDefinitionName(arn)?.family ?? arn };
}
