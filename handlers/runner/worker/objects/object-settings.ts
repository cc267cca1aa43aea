import { type Environment, oneOf, optionalText, wholeNumber } from '../../../shared/settings';
import type { UnzipLimits } from '../../package/unzip';

/** How a worker of objects takes them in and puts out what comes of them. */
export interface ObjectSettings {
  /** Whether objects whose keys end in .zip are unpacked. */
  readonly unpacks: boolean;
  /** A zip that holds more is refused. */
  readonly unpackLimits: UnzipLimits;
  /** Takes the outputs; `undefined` is the object's own bucket. */
  readonly outputBucket: string | undefined;
  /** Stands before the object's own folder in the keys of the outputs, as it is: a folder's name ends with a slash. */
  readonly outputPrefix: string;
  /** Whether a command that leaves no output has failed. */
  readonly isOutputRequired: boolean;
}

const GIB = 1_024 ** 3;

/** Half of the disk that a task on Fargate has: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
const UNPACKED_BYTES = { minimum: 1, maximum: 16_384 * GIB, fallback: 10 * GIB } as const;

/** As many files as a disk of that size has room for by far, and a zip lists in some seconds. */
const UNPACKED_ENTRIES = { minimum: 1, maximum: 100_000_000, fallback: 100_000 } as const;

/** @throws {SettingError} for the first setting that is wrong */
export function readObjectSettings(environment: Environment): ObjectSettings {
  return {
    unpacks: oneOf(environment, 'OVERTIME_UNPACK', ['zip', 'none'], 'zip') === 'zip',
    unpackLimits: {
      bytes: wholeNumber(environment, 'OVERTIME_UNPACK_LIMIT_BYTES', UNPACKED_BYTES),
      entries: wholeNumber(environment, 'OVERTIME_UNPACK_LIMIT_ENTRIES', UNPACKED_ENTRIES),
    },
    outputBucket: optionalText(environment, 'OVERTIME_OUTPUT_BUCKET'),
    outputPrefix: optionalText(environment, 'OVERTIME_OUTPUT_PREFIX') ?? '',
    isOutputRequired: oneOf(environment, 'OVERTIME_OUTPUT_REQUIRED', ['true', 'false'], 'false') === 'true',
  };
}
