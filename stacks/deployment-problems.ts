import type { Backend, ChosenNetwork, Deployment, Modules, S3BackendSettings } from './deployment';
import { activitiesModuleProblems } from './deployment-problems/activities';
import { clusterModuleProblems } from './deployment-problems/cluster';
import { databaseTriggerModuleProblems } from './deployment-problems/database-trigger';
import type { Kinds } from './deployment-problems/fields-of-module';
import { queueWorkerModuleProblems } from './deployment-problems/queue-worker';
import { runnerModuleProblems } from './deployment-problems/runner';
import { schedulerModuleProblems } from './deployment-problems/scheduler';
import { starterModuleProblems } from './deployment-problems/starter';
import { deploymentName, matching, oneOf, type Problem, subnetIds, vpcId } from './parts/checks';
import { boolean, type Kind, optional, readFields, record, text, textList, textRecord } from './parts/fields';

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
  scheduler: optional(record),
  activities: optional(record),
  'queue-worker': optional(record),
  'database-trigger': optional(record),
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
    ...(known.modules === undefined ? [] : modulesProblems(known.modules, textOf(known.name))),
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

function modulesProblems(value: unknown, name: string | undefined): readonly Problem[] {
  const { problems, known } = readFields('modules', value, MODULES);
  return [
    ...problems,
    ...(known.cluster === undefined ? [] : clusterModuleProblems(known.cluster)),
    ...(known.runner === undefined ? [] : runnerModuleProblems(known.runner)),
    ...(known.starter === undefined ? [] : starterModuleProblems(known.starter)),
    ...(known.scheduler === undefined ? [] : schedulerModuleProblems(known.scheduler)),
    ...(known.activities === undefined ? [] : activitiesModuleProblems(known.activities, known)),
    ...(known['queue-worker'] === undefined ? [] : queueWorkerModuleProblems(known['queue-worker'], known, name)),
    ...(known['database-trigger'] === undefined ? [] : databaseTriggerModuleProblems(known['database-trigger'])),
    ...needs(known, 'runner', ['cluster']),
    ...needs(known, 'starter', ['cluster', 'runner']),
    ...needs(known, 'scheduler', ['cluster', 'runner', 'starter']),
    ...needs(known, 'activities', ['cluster', 'runner']),
    ...needs(known, 'queue-worker', ['cluster', 'runner']),
    ...needs(known, 'database-trigger', ['cluster', 'runner', 'starter']),
  ];
}

function needs(modules: Partial<Record<keyof Modules, unknown>>, name: keyof Modules, others: (keyof Modules)[]) {
  const missing = modules[name] === undefined ? [] : others.filter((other) => modules[other] === undefined);
  return missing.map((other) => ({
    field: `modules.${other}`,
    value: undefined,
    allowed: `it, {} at least, as the ${name} builds on it`,
  }));
}
