import { type Kind, number, optional, readFields, text, textList, textRecord } from '../parts/fields';
import type { ImageConfig, Worker } from '../parts/worker';
import type { Kinds } from './fields-of-module';

const IMAGE_CONFIG: Kinds<ImageConfig> = {
  entryPoint: optional(textList),
  command: optional(textList),
  workingDirectory: optional(text),
};

const imageConfig: Kind = {
  allowed: 'an object of { entryPoint, command, workingDirectory }, each of which may be left out',
  fits: (value) => readFields('', value, IMAGE_CONFIG).problems.length === 0,
};

/** The fields of what a worker carries out, and on what it runs. */
export const WORKER: Kinds<Worker> = {
  functionName: optional(text),
  qualifier: optional(text),
  packageType: optional(text),
  imageConfig: optional(imageConfig),
  runtime: optional(text),
  architecture: optional(text),
  image: optional(text),
  command: optional(textList),
  cpu: optional(number),
  memoryMiB: optional(number),
  ephemeralStorageGiB: optional(number),
  capacity: optional(text),
  environment: optional(textRecord),
  concurrency: optional(number),
  policyArns: optional(textList),
  taskRoleArn: optional(text),
};
