import { objectPaths } from '../../../../../handlers/runner/worker/objects/object-paths';
import { objectVariables } from '../../../../../handlers/runner/worker/objects/object-variables';

const OBJECT = {
  bucket: 'scenes',
  key: 'a/my scene.zip',
  rawKey: 'a/my+scene.zip',
  eventName: 'ObjectCreated:Put',
  source: {},
};
const PATHS = objectPaths('/jobs/1', { key: OBJECT.key, isArchive: true });

test('a command is told of its object, the folders and the message', () => {
  const object = { ...OBJECT, versionId: 'v1', eTag: 'e1' };

  expect(objectVariables(object, PATHS, { messageId: 'm', receiveCount: 2 })).toEqual({
    OVERTIME_OBJECT_BUCKET: 'scenes',
    OVERTIME_OBJECT_KEY: 'a/my scene.zip',
    OVERTIME_OBJECT_VERSION_ID: 'v1',
    OVERTIME_OBJECT_ETAG: 'e1',
    OVERTIME_OBJECT_FILE: '/jobs/1/object/my scene.zip',
    OVERTIME_INPUT_FOLDER: '/jobs/1/input',
    OVERTIME_OUTPUT_FOLDER: '/jobs/1/output',
    OVERTIME_MESSAGE_ID: 'm',
    OVERTIME_RECEIVE_COUNT: '2',
  });
});

test('what the event does not say is no variable', () => {
  expect(Object.keys(objectVariables(OBJECT, PATHS, undefined))).toEqual([
    'OVERTIME_OBJECT_BUCKET',
    'OVERTIME_OBJECT_KEY',
    'OVERTIME_OBJECT_FILE',
    'OVERTIME_INPUT_FOLDER',
    'OVERTIME_OUTPUT_FOLDER',
  ]);
});
