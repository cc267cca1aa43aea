import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsSender } from '../shared/delivery/aws/senders';
import type { Delivery } from '../shared/run';
import { optionalText } from '../shared/settings';
import { assembleHost, assemblePayloads, clientOptions, heartbeatOptions, REQUEST_MILLISECONDS } from './assemble-host';
import { heartbeatMilliseconds, type Pulse, startHeartbeats } from './heartbeats';
import { heartsOf } from './hearts';
import { runLedger } from './ledger';
import { type OwnTask, readOwnTask } from './own-task';
import { peakMemoryMiB, taskMemory } from './peak-memory';
import type { ProgramDeps } from './program';
import { readText } from './read-text';
import { deliveryRenewal } from './renewed-delivery';
import type { RunnerSettings } from './settings';
import type { Surroundings } from './start-function';

/** Joins the parts to one program. AWS_ENDPOINT_URL and its like are read by the clients themselves. */
export function assemble(settings: RunnerSettings, surroundings: Surroundings): ProgramDeps {
  const { environment, log } = surroundings;
  const { run } = settings;
  const dynamoDB = new DynamoDBClient(clientOptions(settings, REQUEST_MILLISECONDS));
  const { payloads, forcePathStyle } = assemblePayloads(settings, environment);
  const stopping = new AbortController();
  let asked: Promise<OwnTask | undefined> | undefined;
  const ownTask = () => {
    asked ??= readOwnTask(optionalText(environment, 'ECS_CONTAINER_METADATA_URI_V4'), log);
    return asked;
  };
  const ledger = runLedger(dynamoDB, {
    tableName: settings.ledgerTable,
    runId: run.runId,
    attempt: run.attempt,
    runnerId: surroundings.runnerId,
    readTaskArn: async () => (await ownTask())?.taskArn,
  });
  const { functionArn, environment: variables, runId: streamId } = run;
  const subject = { functionArn, streamId, ...(variables === undefined ? {} : { variables }) };
  return {
    ...assembleHost(settings, subject, surroundings, () => stopping.abort()),
    settings,
    interruption: AbortSignal.any([surroundings.interruption, stopping.signal]),
    print: (line) => surroundings.streams.writeLine(line, 'stdout'),
    ledger,
    readInput: payloads.read,
    writeOutput: payloads.write,
    readMemory: async () => taskMemory(peakMemoryMiB(readText), (await ownTask())?.memorySizeMiB),
    fetchText: (pointer) => payloads.read({ s3: pointer }, new AbortController().signal),
    send: awsSender({ ...clientOptions(settings, REQUEST_MILLISECONDS), forcePathStyle }),
    startHeartbeats: (delivery) => {
      const options = heartbeatOptions(settings);
      const pulseOf = (to: Delivery): Pulse => ({
        hearts: heartsOf(options, to),
        intervalMilliseconds: heartbeatMilliseconds(to.heartbeatSeconds),
      });
      const renewal = deliveryRenewal(delivery, ledger);
      const renew = async () => {
        const renewed = await renewal();
        return renewed === undefined ? undefined : pulseOf(renewed);
      };
      return startHeartbeats(pulseOf(delivery), renew, log);
    },
  };
}
