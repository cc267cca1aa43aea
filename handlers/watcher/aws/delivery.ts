import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsSender } from '../../shared/delivery/aws/senders';
import { deliver } from '../../shared/delivery/deliver';
import { isFinalRun } from '../../shared/delivery/final-run';
import type { Log, LogFields } from '../../shared/log';
import { launchInput } from '../launch-input';
import type { WatcherPorts } from '../ports';
import type { WatcherSettings } from '../settings';

/** A delivery that does not come through in this time is tried again later: others wait in this invocation. */
const REQUEST_MILLISECONDS = 5_000;
const ATTEMPTS = 3;

/** Delivers outcomes as the runner does; its S3 client is made when the first payload lies there. */
export function outcomeDelivery(
  { region, hasOwnS3 }: WatcherSettings,
  logOf: (context: LogFields) => Log,
): WatcherPorts['deliver'] {
  const options = {
    region,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: REQUEST_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  };
  const send = awsSender({ ...options, forcePathStyle: hasOwnS3 });
  let s3: S3Client | undefined;
  return async (record) => {
    if (!isFinalRun(record)) {
      throw new Error(`The run ${record.runId} is ${record.status}: it has no outcome to deliver.`);
    }
    return deliver(record, {
      inputOf: launchInput,
      fetchText: async ({ bucket, key }) => {
        s3 ??= new S3Client({ ...options, forcePathStyle: hasOwnS3 });
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (Body === undefined) {
          throw new Error('S3 answered without a body');
        }
        return Body.transformToString('utf8');
      },
      send,
      log: logOf({ runId: record.runId, attempt: record.attempt }),
    });
  };
}
