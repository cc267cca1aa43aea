import { createHash } from 'node:crypto';
import { utf8Bytes } from '../../shared/payload';
import type { Row } from '../ports';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
const BODY_BYTES = 4096;
const PHYSICAL_ID_BYTES = 1024;

export interface Outcome {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly reason: string;
  readonly data?: Readonly<Record<string, string>>;
  /** Whether CloudFormation masks the data where it shows it. */
  readonly hidesData?: boolean;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The same for each try to create a resource, so that CloudFormation's second one writes the same row. */
export function idOfResource(event: Row): string {
  const named = JSON.stringify([textOf(event['StackId']), textOf(event['LogicalResourceId'])]);
  return `schedule-${createHash('sha256').update(named).digest('hex').slice(0, 32)}`;
}

/**
 * The resource's id: as CloudFormation knows it, else as we make it. It never changes, as CloudFormation would take another
 * one for a new resource and delete the old one.
 */
export function physicalId(event: Row): string {
  const known = textOf(event['PhysicalResourceId']);
  return known !== '' && utf8Bytes(known) <= PHYSICAL_ID_BYTES ? known : idOfResource(event);
}

/** The longest beginning of the reason with which the whole fits. */
function fitReason(reason: string, bodyOf: (reason: string) => string): string {
  const characters = [...reason];
  let fits = 0;
  let tooLong = characters.length + 1;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (utf8Bytes(bodyOf(characters.slice(0, middle).join(''))) <= BODY_BYTES) {
      fits = middle;
    } else {
      tooLong = middle;
    }
  }
  return characters.slice(0, fits).join('');
}

/** The body of the answer, within CloudFormation's 4,096 bytes: what does not fit is cut off the reason. */
export function answerBody(event: Row, { status, reason, data, hidesData }: Outcome): string {
  const bodyOf = (text: string) =>
    JSON.stringify({
      Status: status,
      Reason: text,
      PhysicalResourceId: physicalId(event),
      StackId: textOf(event['StackId']),
      RequestId: textOf(event['RequestId']),
      LogicalResourceId: textOf(event['LogicalResourceId']),
      ...(hidesData === true ? { NoEcho: true } : {}),
      ...(data === undefined ? {} : { Data: data }),
    });
  return bodyOf(fitReason(reason, bodyOf));
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Where to send the answer; `undefined` where that is no address. CloudFormation gives a pre-signed one over HTTPS; plain HTTP is
 * for stand-ins of AWS on the same machine, and leads nowhere else.
 */
export function answerUrl(event: Row): URL | undefined {
  const text = textOf(event['ResponseURL']);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  return isSafe ? url : undefined;
}
