import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

interface Listed {
  readonly path: string;
  readonly context: { readonly hasteFS: { readonly getSize: (file: string) => number | null } };
}

interface Sequencer {
  readonly sort: (tests: readonly Listed[]) => readonly Listed[];
  readonly shard: (tests: readonly Listed[], shard: { shardIndex: number; shardCount: number }) => readonly Listed[];
}

// Jest loads it by itself, before anything could turn TypeScript into JavaScript.
const LongestFirst = createRequire(__filename)('../../local/longest-first.cjs') as (new () => Sequencer) & {
  readonly LONGEST: readonly string[];
};

const sequencer = new LongestFirst();
const listed = (file: string, bytes = 0): Listed => ({ path: file, context: { hasteFS: { getSize: () => bytes } } });
const paths = (tests: readonly Listed[]) => tests.map((test) => test.path);

test('every file that is known to take long is there', () => {
  expect(LongestFirst.LONGEST.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('those come first, the longest before the others, and then the largest', () => {
  const [first = '', second = ''] = LongestFirst.LONGEST;

  expect(
    paths(sequencer.sort([listed('/small', 1), listed('/large', 9), listed(`/p${second}`), listed(`/p${first}`)])),
  ).toEqual([`/p${first}`, `/p${second}`, '/large', '/small']);
});

test('the shards have each file once, however they are listed', () => {
  const files = ['/c', '/a', '/d', '/b', '/e'].map((file) => listed(file));
  const shards = [1, 2].map((shardIndex) => paths(sequencer.shard(files, { shardIndex, shardCount: 2 })));

  expect(shards).toEqual([
    ['/a', '/c', '/e'],
    ['/b', '/d'],
  ]);
  expect(paths(sequencer.shard([...files].reverse(), { shardIndex: 1, shardCount: 2 }))).toEqual(shards[0]);
});
