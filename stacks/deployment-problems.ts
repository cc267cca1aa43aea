import { clusterProblems } from './cluster';
import type { Backend, ChosenNetwork, Deployment, Modules, S3BackendSettings } from './deployment';
import { deploymentName, matching, oneOf, type Problem, subnetIds, vpcId } from './parts/checks';
import type { ContainerFunction, ContainerFunctions } from './parts/container-functions';
import { boolean, type Kind, number, optional, readFields, record, text, textList, textRecord } from './parts/fields';
import type { RunnerRuntime, RunnerRuntimes } from './parts/runtimes';
import { type RunnerProps, runnerProblems } from './runner-props';
import { type StarterProps, starterProblems } from './starter';

const invokerRecord: Kind = {
  allowed: 'a record of { principal, sourceArn }, both texts',
  fits: (value) =>
    record.fits(value) &&
    Object.values(value as object).every(
      (one: unknown) =>
        textRecord.fits(one) &&
        Object.keys(one as object)
          .sort()
          .join() === ['principal', 'sourceArn'].join(),
    ),
};

type Kinds<Type> = Readonly<Record<keyof Type & string, Kind>>;

const NETWORK: Kind = {
  allowed: "'default-vpc' or { vpcId, subnetIds, assignPublicIp }",
  fits: (value) => value === 'default-vpc' || record.fits(value),
};

const DEPLOYMENT: Kinds<Deployment> = {
  name: text,
  region: text,
  backend: record,
  network: NETWORK,
  modules: record,
  tags: optional(textRecord),
};
const LOCAL_BACKEND = { kind: text, directory: optional(text) };
const S3_BACKEND: Kinds<S3BackendSettings> = {
  kind: text,
  bucket: text,
  region: text,
  keyPrefix: optional(text),
  kmsKeyId: optional(text),
  profile: optional(text),
};
const CHOSEN_NETWORK: Kinds<ChosenNetwork> = { vpcId: text, subnetIds: textList, assignPublicIp: boolean };
const MODULES: Kinds<Modules> = { cluster: optional(record), runner: optional(record), starter: optional(record) };
const CLUSTER: Kinds<NonNullable<Modules['cluster']>> = {
  containerInsights: optional(text),
  defaultCapacity: optional(text),
  logRetentionDays: optional(number),
};
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
const STARTER: Kinds<NonNullable<Modules['starter']>> = {
  taskRoleArns: optional(textList),
  containerTaskDefinitions: optional(textList),
  containerRoleArns: optional(textList),
  clusterArns: optional(textList),
  runTimeoutSeconds: optional(number),
  runRetentionDays: optional(number),
  architecture: optional(text),
  logRetentionDays: optional(number),
  launchBurst: optional(number),
  launchesPerSecond: optional(number),
  overflowCauses: optional(textList),
  alarmActions: optional(textList),
  requestQueueArns: optional(textRecord),
  invokers: optional(invokerRecord),
  eventRequests: optional(textRecord),
  functionUrl: optional(boolean),
};

const REGION = /^[a-z]+(-[a-z]+)+-\d+$/;
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const region = (field: string, value: unknown) =>
  matching(field, textOf(value), REGION, 'a region of AWS, such as eu-west-1');

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Everything that is wrong with what deployment.ts says. tsx does not check types, so nothing is taken for granted. */
export function deploymentProblems(value: unknown): readonly Problem[] {
  const { problems, known } = readFields('', value, DEPLOYMENT);
  return [
    ...problems,
    ...deploymentName('name', textOf(known.name)),
    ...region('region', known.region),
    ...(known.backend === undefined ? [] : backendProblems(known.backend)),
    ...(known.network === undefined || known.network === 'default-vpc' ? [] : networkProblems(known.network)),
    ...(known.modules === undefined ? [] : modulesProblems(known.modules)),
  ];
}

function backendProblems(value: unknown): readonly Problem[] {
  const { kind } = value as Partial<Backend>;
  if (kind === 'local') {
    return readFields('backend', value, LOCAL_BACKEND).problems;
  }
  if (kind === 's3') {
    const { problems, known } = readFields('backend', value, S3_BACKEND);
    const bucket = matching('backend.bucket', textOf(known.bucket), BUCKET, 'the name of an S3 bucket that exists');
    return [...problems, ...bucket, ...region('backend.region', known.region)];
  }
  return kind === undefined
    ? [{ field: 'backend.kind', value: kind, allowed: 'one of local, s3' }]
    : oneOf<unknown>('backend.kind', kind, ['local', 's3']);
}

function networkProblems(value: unknown): readonly Problem[] {
  const { problems, known } = readFields('network', value, CHOSEN_NETWORK);
  const network = known as Partial<ChosenNetwork>;
  return [...problems, ...vpcId('network.vpcId', network.vpcId), ...subnetIds('network.subnetIds', network.subnetIds)];
}

function modulesProblems(value: unknown): readonly Problem[] {
  const { problems, known } = readFields('modules', value, MODULES);
  return [
    ...problems,
    ...(known.cluster === undefined ? [] : within('modules.cluster', known.cluster, CLUSTER, clusterProblems)),
    ...(known.runner === undefined ? [] : runnerModuleProblems(known.runner)),
    ...(known.starter === undefined ? [] : within('modules.starter', known.starter, STARTER, starterValues)),
    ...needs(known, 'runner', ['cluster']),
    ...needs(known, 'starter', ['cluster', 'runner']),
  ];
}

const starterValues = (props: Partial<StarterProps>) => starterProblems(props);

/** The kinds of a module's fields, and the values of those whose kind is right. */
function within<Props>(
  where: string,
  value: unknown,
  kinds: Readonly<Record<string, Kind>>,
  valueProblems: (props: Partial<Props>) => readonly Problem[],
): readonly Problem[] {
  const { problems, known } = readFields(where, value, kinds);
  const values = valueProblems(known as Partial<Props>);
  return [...problems, ...values.map((problem) => ({ ...problem, field: `${where}.${problem.field}` }))];
}

/** Items whose fields are of a wrong kind are named so, and left out of what is said about values. */
function runnerModuleProblems(value: unknown): readonly Problem[] {
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

/** The items of a map that have the right kinds of fields, and what is wrong with the others. */
function readItems<Item>(
  where: string,
  items: Readonly<Record<string, Item>> | undefined,
  kinds: Readonly<Record<string, Kind>>,
): { readonly right: Readonly<Record<string, Item>>; readonly problems: readonly Problem[] } {
  const entries = Object.entries(items ?? {}).map(
    ([key, item]) => [key, item, readFields(`${where}.${key}`, item, kinds).problems] as const,
  );
  const right = entries.filter(([, , problems]) => problems.length === 0);
  return {
    right: Object.fromEntries(right.map(([key, item]) => [key, item])),
    problems: entries.flatMap(([, , problems]) => problems),
  };
}

function needs(modules: Partial<Record<keyof Modules, unknown>>, name: keyof Modules, others: (keyof Modules)[]) {
  const missing = modules[name] === undefined ? [] : others.filter((other) => modules[other] === undefined);
  return missing.map((other) => ({
    field: `modules.${other}`,
    value: undefined,
    allowed: `it, {} at least, as the ${name} builds on it`,
  }));
}
