import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { committedModules } from '../../stacks/committed-modules';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { readModule } from '../support/generated-module';

const ROOT = path.resolve(__dirname, '../..');
const generated = committedModules();

const PAGES = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** What is written in the same way, and is somebody else's: Terraform's, a database's, or a row's as aws-ecs-clockwork has it. */
const OTHERS = [
  ...['for_each', 'iam_roles', 'mock_provider', 'required_version', 'use_lockfile'],
  ...['lambda_async', 'pg_cron', 'shared_preload_libraries'],
  ...['definition_arn', 'ecs_cluster_arn', 'expires_at', 'last_updated'],
];

/** Variables and outputs of all modules, and the fields of the objects that variables have. */
const KNOWN = new Set([
  ...OTHERS,
  ...MODULE_DEFINITIONS.flatMap(({ name }) => {
    const { variable, output } = readModule(generated, name).document;
    const fields = Object.values(variable).flatMap(({ type }) =>
      [...type.matchAll(/\b(\w+) = /g)].map(([, field = '']) => field),
    );
    return [...Object.keys(variable), ...Object.keys(output), ...fields];
  }),
]);

/** The names of Terraform's kind that a page has in its sentences, with a value behind them or not. */
function namesOn(page: string): readonly string[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?: = [^`\n]*)?`/g)].map(([, name = '']) => name);
}

test.each(PAGES)('every name on %s is that of a variable, a field or an output of a module', (page) => {
  const names = namesOn(page).filter((name) => !name.startsWith('aws_'));

  expect(names.filter((name) => !KNOWN.has(name))).toEqual([]);
});

test('the README names enough of them that a rename is seen', () => {
  expect(namesOn('README.md').length).toBeGreaterThan(20);
});
