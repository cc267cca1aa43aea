import { textPackage } from './function-package';

/** What goes wrong with a job. */
export type JobFault =
  | 'none'
  /** The first answer with its object breaks off. */
  | 'download cut'
  /** S3 refuses its first output. */
  | 'upload refused'
  /** Its worker is killed while the command runs, once. */
  | 'killed at work'
  /** Its worker is killed when it is about to upload, once. */
  | 'killed before upload'
  /** Its worker is killed when its output has arrived, and it has not heard of that; once. */
  | 'killed after upload'
  /** Two messages ask for it. */
  | 'delivered twice'
  | 'fails once'
  /** The rest is poison: its command says that it can never work, */
  | 'rejected'
  /** fails each time, */
  | 'always fails'
  /** is never started, as its object is no archive, */
  | 'no archive'
  /** or as the archive would write elsewhere. */
  | 'unsafe archive';

export interface FaultyJob {
  readonly number: string;
  readonly fault: JobFault;
  readonly key: string;
  readonly body: Uint8Array | string;
  /** Whether S3 tells the dispatcher of it, rather than the test the queue. */
  readonly isNotified: boolean;
  /** Of what it puts out. */
  readonly outputKey: string;
}

const JOBS = 100;

const POISON: Readonly<Partial<Record<JobFault, RegExp>>> = {
  rejected: /^exit status 3\n\d+ will never work$/,
  'always fails': /^exit status 1\n\d+ cannot be done$/,
  'no archive': /not a zip file/,
  'unsafe archive': /"..\/job.txt", and it lies outside the zip/,
};

/** What the dead-letter queue is to say of it; `undefined` for what is done in the end. */
export const poisonReason = (fault: JobFault): RegExp | undefined => POISON[fault];

/** By the last digit of a job's number; those that are poison or killed also by the first. */
function faultOf(index: number): JobFault {
  const tens = Math.floor(index / 10);
  switch (index % 10) {
    case 0:
      return (
        (['rejected', 'no archive', 'unsafe archive', 'always fails', 'rejected'] as const)[tens % 5] ?? 'rejected'
      );
    case 1:
      return 'download cut';
    case 2:
      return 'upload refused';
    case 3:
      return 'delivered twice';
    case 4:
      return 'fails once';
    case 5:
      return (
        (['killed at work', 'none', 'killed before upload', 'none', 'killed after upload'] as const)[tens % 5] ?? 'none'
      );
    default:
      return 'none';
  }
}

function jobOf(index: number): FaultyJob {
  const number = String(index).padStart(3, '0');
  const fault = faultOf(index);
  const content = `${number} ${fault.replaceAll(' ', '-')}`;
  // As S3 tells of archives alone: the test tells of the others.
  const isNotified = fault === 'no archive' || fault === 'unsafe archive' || index % 10 === 6;
  const bodies: Readonly<Partial<Record<JobFault, Uint8Array | string>>> = {
    'no archive': content,
    'unsafe archive': textPackage({ '../job.txt': content }),
  };
  return {
    number,
    fault,
    key: `jobs/${number}${isNotified ? '.zip' : ''}`,
    body: bodies[fault] ?? (isNotified ? textPackage({ 'job.txt': content }) : content),
    isNotified,
    outputKey: `jobs/${number}.done`,
  };
}

/** A hundred jobs, of which more than half have a fault or are poison. */
export const FAULTY_JOBS: readonly FaultyJob[] = Array.from({ length: JOBS }, (_, index) => jobOf(index));

/** Does such a job, or else what `otherwise` says; in `state` it remembers whom it has killed. */
export function faultyJobScript(state: string, otherwise: string): string {
  return `#!/bin/sh
set -eu
case $OVERTIME_OBJECT_KEY in
  jobs/*) ;;
  *) exec ${otherwise} ;;
esac
set -- $(cat ./*)
case $2 in
  rejected) echo "$1 will never work" >&2; exit 3 ;;
  always-fails) echo "$1 cannot be done" >&2; exit 1 ;;
  fails-once) [ "$OVERTIME_RECEIVE_COUNT" -gt 1 ] || exit 1 ;;
  killed-at-work) if mkdir "${state}/$1" 2>/dev/null; then kill -KILL $PPID; exit 1; fi ;;
esac
echo "$1 is done" >"$OVERTIME_OUTPUT_FOLDER/$1.done"
`;
}
