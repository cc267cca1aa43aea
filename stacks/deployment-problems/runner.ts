import type { Modules } from '../deployment';
import type { Problem } from '../parts/checks';
import type { ContainerFunction, ContainerFunctions } from '../parts/container-functions';
import { boolean, number, optional, readFields, record, text, textList } from '../parts/fields';
import type { RunnerRuntime, RunnerRuntimes } from '../parts/runtimes';
import { type RunnerProps, runnerProblems } from '../runner-props';
import { type Kinds, readItems, within } from './fields-of-module';

const RUNNER: Kinds<NonNullable<Modules['runner']>> = {
  functionArns: optional(textList),
  layerArns: optional(textList),
  kmsKeyArns: optional(textList),
  destinationArns: optional(textList),
  runtimes: optional(record),
  containerFunctions: optional(record),
  runnerImages: optional(text),
  baseImagePrefix: optional(text),
  imageRepositoryForceDelete: optional(boolean),
  imageRepositoryArns: optional(textList),
  payloadRetentionDays: optional(number),
  payloadBucketForceDestroy: optional(boolean),
  ledgerDeletionProtection: optional(boolean),
  architecture: optional(text),
  logRetentionDays: optional(number),
  alarmActions: optional(textList),
  failedRunsThreshold: optional(number),
  lateStartSeconds: optional(number),
};
const RUNTIME: Kinds<RunnerRuntime> = {
  runtime: text,
  architecture: text,
  image: optional(text),
  cpu: optional(number),
  memoryMiB: optional(number),
};
const CONTAINER_FUNCTION: Kinds<ContainerFunction> = {
  functionName: text,
  qualifier: optional(text),
  entryPoint: optional(textList),
  command: optional(textList),
  workingDirectory: optional(text),
  cpu: optional(number),
  memoryMiB: optional(number),
};

/** Items whose fields are of a wrong kind are named so, and left out of what is said about values. */
export function runnerModuleProblems(value: unknown): readonly Problem[] {
  const where = 'modules.runner';
  const { known } = readFields(where, value, RUNNER);
  const runtimes = readItems(`${where}.runtimes`, known.runtimes as RunnerRuntimes | undefined, RUNTIME);
  const functions = readItems(
    `${where}.containerFunctions`,
    known.containerFunctions as ContainerFunctions | undefined,
    CONTAINER_FUNCTION,
  );
  return [
    ...runtimes.problems,
    ...functions.problems,
    ...within<RunnerProps>(where, value, RUNNER, (props) =>
      runnerProblems({
        ...props,
        ...(runtimes.problems.length === 0 ? {} : { runtimes: runtimes.right }),
        ...(functions.problems.length === 0 ? {} : { containerFunctions: functions.right }),
      }),
    ),
  ];
}
