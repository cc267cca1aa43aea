import { type ActivitiesProps, activitiesProblems } from './activities-props';
import { type ClusterProps, clusterProblems } from './cluster';
import type { Backend, ChosenNetwork, Deployment, Modules, S3BackendSettings } from './deployment';
import type { Activities, Activity, ImageConfig } from './parts/activity';
import { deploymentName, matching, oneOf, type Problem, subnetIds, vpcId } from './parts/checks';
import type { ContainerFunction, ContainerFunctions } from './parts/container-functions';
import type { Ec2Capacity } from './parts/ec2-capacity';
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

const IMAGE_CONFIG: Kinds<ImageConfig> = {
  entryPoint: optional(textList),
  command: optional(textList),
  workingDirectory: optional(text),
};

const imageConfig: Kind = {
  allowed: 'an object of { entryPoint, command, workingDirectory }, each of which may be left out',
  fits: (value) => readFields('', value, IMAGE_CONFIG).problems.length === 0,
};

const EC2_CAPACITY: Kinds<Ec2Capacity> = {
  instanceType: text,
  architecture: optional(text),
  desired: optional(number),
  min: optional(number),
  max: optional(number),
  diskGiB: optional(number),
};

const ec2Capacity: Kind = {
  allowed: 'an object of { instanceType, architecture, desired, min, max, diskGiB }, of which instanceType is needed',
  fits: (value) => readFields('', value, EC2_CAPACITY).problems.length === 0,
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
const MODULES: Kinds<Modules> = {
  cluster: optional(record),
  runner: optional(record),
  starter: optional(record),
  activities: optional(record),
};
const CLUSTER: Kinds<NonNullable<Modules['cluster']>> = {
  containerInsights: optional(text),
  defaultCapacity: optional(text),
  ec2Capacity: optional(ec2Capacity),
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
const ACTIVITIES: Kinds<NonNullable<Modules['activities']>> = {
  activities: record,
  alarmActions: optional(textList),
  failedTasksThreshold: optional(number),
  lateStartSeconds: optional(number),
};
const ACTIVITY: Kinds<Activity> = {
  functionName: optional(text),
  qualifier: optional(text),
  packageType: optional(text),
  imageConfig: optional(imageConfig),
  runtime: optional(text),
  architecture: optional(text),
  image: optional(text),
  command: optional(textList),
  commands: optional(textList),
  cpu: optional(number),
  memoryMiB: optional(number),
  ephemeralStorageGiB: optional(number),
  count: optional(number),
  capacity: optional(text),
  environment: optional(textRecord),
  concurrency: optional(number),
  heartbeatSeconds: optional(number),
  timeoutSeconds: optional(number),
  idleSeconds: optional(number),
  retries: optional(number),
  policyArns: optional(textList),
  taskRoleArn: optional(text),
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
    ...(known.cluster === undefined ? [] : within('modules.cluster', known.cluster, CLUSTER, clusterValues)),
    ...(known.runner === undefined ? [] : runnerModuleProblems(known.runner)),
    ...(known.starter === undefined ? [] : within('modules.starter', known.starter, STARTER, starterValues)),
    ...(known.activities === undefined ? [] : activitiesModuleProblems(known.activities, known)),
    ...needs(known, 'runner', ['cluster']),
    ...needs(known, 'starter', ['cluster', 'runner']),
    ...needs(known, 'activities', ['cluster', 'runner']),
  ];
}

/** The subnets of instances are the network's. */
const clusterValues = (props: Partial<ClusterProps>) =>
  clusterProblems(props).filter(({ field }) => field !== 'subnetIds');

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

type ModulesAsGiven = Partial<Record<keyof Modules, unknown>>;

/** What its workers run on is what the runner and cluster modules say. */
function activitiesModuleProblems(value: unknown, modules: ModulesAsGiven): readonly Problem[] {
  const where = 'modules.activities';
  const { known } = readFields(where, value, ACTIVITIES);
  const activities = readItems(`${where}.activities`, known.activities as Activities | undefined, ACTIVITY);
  const { runnerImages } = (modules.runner ?? {}) as { readonly runnerImages?: ActivitiesProps['runnerImages'] };
  const { ec2Capacity: instances } = (modules.cluster ?? {}) as { readonly ec2Capacity?: unknown };
  return [
    ...activities.problems,
    ...within<ActivitiesProps>(where, value, ACTIVITIES, (props) =>
      activitiesProblems({
        ...props,
        ...(runnerImages === undefined ? {} : { runnerImages }),
        ...(instances === undefined ? {} : { ec2CapacityProvider: 'of the cluster' }),
        ...(activities.problems.length === 0 ? {} : { activities: activities.right }),
      }).filter(({ field }) => field !== 'runnerImages'),
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

function needs(modules: ModulesAsGiven, name: keyof Modules, others: (keyof Modules)[]) {
  const missing = modules[name] === undefined ? [] : others.filter((other) => modules[other] === undefined);
  return missing.map((other) => ({
    field: `modules.${other}`,
    value: undefined,
    allowed: `it, {} at least, as the ${name} builds on it`,
  }));
}
