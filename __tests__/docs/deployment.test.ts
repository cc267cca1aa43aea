import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInThisContext } from 'node:vm';
import { deployment } from '../../deployment';
import { defineDeployment } from '../../stacks/define-deployment';

const ROOT = path.resolve(__dirname, '../..');

const BLOCKS = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block = '']) => ({
      page,
      block,
    })),
  );

test('the pages have blocks for deployment.ts', () => {
  expect(BLOCKS.map(({ page }) => page)).toEqual([
    'docs/activities.md',
    'docs/database.md',
    'docs/queue-worker.md',
    'docs/schedules.md',
  ]);
});

test.each(BLOCKS)('the block of $page may stand beside the modules that deployment.ts has', ({ block }) => {
  const modules = runInThisContext(`({ ${block} })`);

  expect(() => defineDeployment({ ...deployment, modules: { ...deployment.modules, ...modules } })).not.toThrow();
});
