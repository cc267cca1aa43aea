// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { callsFile, readRecordedCalls, rolesOf } from '../../local/recorded-calls';
import { committedModules } from '../../stacks/committed-modules';

const modules = committedModules();

function moduleWithRoles(...prefixes: readonly string[]) {
  const roles = Object.fromEntries(prefixes.map((prefix, at) => [`role_${at}`, { name_prefix: prefix }]));
  return new TextEncoder().encode(JSON.stringify({ resource: { aws_iam_role: roles } }));
}

test('a local AWS writes its calls into a file of its own, where the variable names a folder, and nowhere else', () => {
  const env = { OVERTIME_CALLS_DIRECTORY: '/calls' };

  expect(callsFile({})).toBeUndefined();
  expect(callsFile(env)).toMatch(/^\/calls\/[0-9a-f-]{36}\.jsonl$/);
  expect(callsFile(env)).not.toBe(callsFile(env));
});

test('each role of the modules is known by the middle of its name, which is a word', () => {
  expect(rolesOf(modules)).toEqual(expect.arrayContaining(['registrar', 'router', 'starter', 'task', 'watcher']));
  expect(rolesOf(modules).filter((part) => !/^[a-z]+$/.test(part))).toEqual([]);
});

test('a name that two modules give is there once, and one that is not understood as it is', () => {
  expect(
    rolesOf({
      'a/main.tf.json': moduleWithRoles('${var.name}-task-'),
      'b/main.tf.json': moduleWithRoles('${var.name}-task-', 'mine'),
    }),
  ).toEqual(['mine', 'task']);
});

test('what several copies wrote is read as one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-calls-'));
  try {
    const call = (action: string) =>
      JSON.stringify({
        account: '821332255546',
        role: 'overtime-starter-20261127145611845100000001',
        action,
        resource: '*',
        context: {},
      });
    writeFileSync(path.join(folder, 'a.jsonl'), `${call('ecs:RunTask')}\n`);
    writeFileSync(path.join(folder, 'b.jsonl'), `${call('ecs:RunTask')}\n${call('ecs:StopTask')}\n`);

    expect((await readRecordedCalls(folder, modules)).map(({ action }) => action)).toEqual([
      'ecs:RunTask',
      'ecs:StopTask',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
