import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The blocks of a file of an example, by their first lines, without the space in which `terraform fmt` aligns them. */
function blocksOf(file: string): Readonly<Record<string, string>> {
  const text = readFileSync(path.resolve(__dirname, '../../examples', file), 'utf8').replaceAll(/ +/g, ' ');
  return Object.fromEntries(
    [...text.matchAll(/^(\w+ "[^{]*)\{\n([\s\S]*?)^\}/gm)].map(([, head = '', body = '']) => [head, body]),
  );
}

// That one is applied by __tests__/e2e/once/lifecycle.test.ts, with all that stands here.
test('what examples/terraform-schedules has of schedules is in examples/terraform-everything, but for the alarms', () => {
  const everything = blocksOf('terraform-everything/schedules.tf');
  const schedules = blocksOf('terraform-schedules/main.tf');

  const names = Object.keys(everything);
  expect(names).toEqual([
    'module "schedules" ',
    'module "eventbridge_schedules" ',
    'resource "aws_lambda_invocation" "cleanup" ',
  ]);
  expect(names.map((name) => everything[name]?.replace(/^ alarm_actions = .*\n/m, ''))).toEqual(
    names.map((name) => schedules[name]),
  );
});
