import type { ObjectEvent } from '../../../shared/object-event/object-event';
import type { JobMessage } from '../executor';
import type { ObjectPaths } from './object-paths';

/** The variables that tell a command of its object. What nobody knows is left out. */
export function objectVariables(
  { bucket, key, versionId, eTag }: ObjectEvent,
  paths: ObjectPaths,
  message: JobMessage | undefined,
): Record<string, string> {
  return {
    OVERTIME_OBJECT_BUCKET: bucket,
    OVERTIME_OBJECT_KEY: key,
    ...(versionId === undefined ? {} : { OVERTIME_OBJECT_VERSION_ID: versionId }),
    ...(eTag === undefined ? {} : { OVERTIME_OBJECT_ETAG: eTag }),
    OVERTIME_OBJECT_FILE: paths.objectFile,
    OVERTIME_INPUT_FOLDER: paths.inputFolder,
    OVERTIME_OUTPUT_FOLDER: paths.outputFolder,
    ...(message === undefined
      ? {}
      : { OVERTIME_MESSAGE_ID: message.messageId, OVERTIME_RECEIVE_COUNT: String(message.receiveCount) }),
  };
}
