import path from 'node:path';
import fc from 'fast-check';
import { isArchiveKey, objectFileName, objectPaths } from '../../../../../handlers/runner/worker/objects/object-paths';

test('an object lies where the command is started, and a zip beside what it holds', () => {
  expect(objectPaths('/jobs/1', { key: 'a/b.csv', isArchive: false })).toEqual({
    folder: '/jobs/1',
    objectFile: '/jobs/1/input/b.csv',
    inputFolder: '/jobs/1/input',
    outputFolder: '/jobs/1/output',
  });
  expect(objectPaths('/jobs/1', { key: 'a/b.zip', isArchive: true }).objectFile).toBe('/jobs/1/object/b.zip');
});

test.each([
  ['scene.zip', true],
  // The original never deleted its message.
  ['a/UP.ZIP', true],
  ['xzip', false],
  ['scene.zip/readme', false],
])('whether %s is a zip: %p', (key, expected) => {
  expect(isArchiveKey(key)).toBe(expected);
});

test.each([
  ['a/b/scene.pov', 'scene.pov'],
  ['a/', 'object'],
  ['a/..', 'object'],
  ['.', 'object'],
  ['a/b\0c', 'b_c'],
  ['.hidden', '.hidden'],
  [`${'x'.repeat(300)}.csv`, `${'x'.repeat(251)}.csv`],
  [`${'ü'.repeat(200)}.csv`, `${'ü'.repeat(125)}.csv`],
  [`a.${'x'.repeat(300)}`, 'a'],
])('the file of the key %j is %j', (key, expected) => {
  expect(objectFileName(key)).toBe(expected);
});

test('whatever the key, the file lies right in its folder and its name is one that Linux takes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { minLength: 1 }), (parts) => {
      const { objectFile } = objectPaths('/jobs/1', { key: parts.join('/'), isArchive: false });
      const name = path.basename(objectFile);

      expect(path.dirname(objectFile)).toBe('/jobs/1/input');
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(name).not.toMatch(/^$|^\.{1,2}$|\0|\//);
    }),
  );
});
