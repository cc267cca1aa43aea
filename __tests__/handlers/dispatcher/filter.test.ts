import { filterObject } from '../../../handlers/dispatcher/filter';
import type { ObjectEvent } from '../../../handlers/shared/object-event/object-event';

const object = (key: string, bucket = 'uploads'): ObjectEvent => ({
  bucket,
  key,
  rawKey: key,
  eventName: 'ObjectCreated:Put',
  source: {},
});

const ELSEWHERE = { bucket: 'pictures', prefix: '' };
const ALL = { prefixes: [], suffixes: [], ignoreCase: false };
const ZIPS = { ...ALL, suffixes: ['.zip'] };

describe('which objects are work', () => {
  test.each([
    ['any, where nothing is asked', 'scene.txt', ALL, 'send'],
    ['one with the suffix', 'a/scene.zip', ZIPS, 'send'],
    ['none that has the suffix without its dot: it is no pattern', 'scenexzip', ZIPS, 'suffix'],
    ['none that has it in the middle', 'scene.zip.png', ZIPS, 'suffix'],
    ['none whose case differs', 'UP.ZIP', ZIPS, 'suffix'],
    ['one whose case differs where that does not matter', 'UP.ZIP', { ...ZIPS, ignoreCase: true }, 'send'],
    ['one with any of the suffixes', 'scene.tar', { ...ALL, suffixes: ['.zip', '.tar'] }, 'send'],
    ['one with the prefix', 'in/scene.zip', { ...ZIPS, prefixes: ['in/'] }, 'send'],
    ['none with the prefix further on', 'not/in/scene.zip', { ...ZIPS, prefixes: ['in/'] }, 'prefix'],
    ['one with any of the prefixes', 'b/1', { ...ALL, prefixes: ['a/', 'b/'] }, 'send'],
    [
      'one whose prefix differs in case where that does not matter',
      'IN/1',
      { ...ALL, prefixes: ['in/'], ignoreCase: true },
      'send',
    ],
    ['one whose suffix has characters of a pattern', 'a(1)*.zip', { ...ALL, suffixes: ['(1)*.zip'] }, 'send'],
  ])('%s', (_, key, filter, expected) => {
    const decision = filterObject(object(key), { filter, outputs: ELSEWHERE });

    expect(decision).toEqual(expected === 'send' ? { kind: 'send' } : { kind: 'skip', reason: expected });
  });
});

describe('which objects may be outputs', () => {
  test.each([
    ['none, where outputs go to another bucket', 'scene.zip', ELSEWHERE, 'send'],
    ['any, where they go beside the object', 'scene.zip', { bucket: undefined, prefix: '' }, 'check'],
    ['those below the prefix', 'out/scene.zip', { bucket: undefined, prefix: 'out/' }, 'check'],
    ['none above it', 'scene.zip', { bucket: undefined, prefix: 'out/' }, 'send'],
    ['those of the bucket, where its name is given', 'scene.zip', { bucket: 'uploads', prefix: '' }, 'check'],
  ])('%s', (_, key, outputs, kind) => {
    expect(filterObject(object(key), { filter: ALL, outputs })).toEqual({ kind });
  });
});
