import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import type { ModuleFiles } from '../../../stacks/module-files';
import { generateModules } from '../../../stacks/module-writer';
import { TFLINT_EXCEPTIONS } from '../../../stacks/parts/check-exceptions';
import { compareFindings, type Finding } from '../../support/findings';

/** Go compiles it in two minutes, so that a test does not do it. */
const FIX = 'GOBIN="$PWD/.overtime/bin" go install github.com/terraform-linters/tflint@v0.64.0';

const program = [path.join(CACHE_DIRECTORY, 'bin/tflint'), 'tflint'].find(
  (each) => spawnSync(each, ['--version']).status === 0,
);

const Report = v.object({
  issues: v.array(v.object({ rule: v.object({ name: v.string() }), message: v.string() })),
});

/** Every rule of its own set for Terraform's language, those too that are off by default. */
const SETTINGS = 'plugin "terraform" {\n  enabled = true\n  preset  = "all"\n}\n';

function findings(files: ModuleFiles): readonly Finding[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-tflint-'));
  try {
    writeFileSync(path.join(folder, 'settings.hcl'), SETTINGS);
    return Object.entries(files)
      .filter(([file]) => file.endsWith('.tf.json'))
      .flatMap(([file, bytes]) => {
        const module = path.posix.dirname(file);
        mkdirSync(path.join(folder, module));
        writeFileSync(path.join(folder, file), bytes);
        const args = ['--config', path.join(folder, 'settings.hcl'), '--format', 'json'];
        const { stdout } = spawnSync(program ?? '', [...args, '--chdir', path.join(folder, module)], {
          encoding: 'utf8',
        });
        return v.parse(Report, JSON.parse(stdout)).issues.map(({ rule, message }) => ({
          rule: rule.name,
          // It quotes the name with one or the other mark.
          at: `${module}: ${/['`]([\w-]+)['`]/.exec(message)?.[1] ?? message}`,
        }));
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

(program === undefined ? describe.skip : describe)(
  `tflint on the generated modules${program === undefined ? `, which is not on the PATH: ${FIX}` : ''}`,
  () => {
    test('finds nothing but what has a reason, and every reason is needed', () => {
      expect(compareFindings(findings(generateModules()), TFLINT_EXCEPTIONS)).toEqual({ unexplained: [], stale: [] });
    });

    test('sees what a module has: a variable without a type is found', () => {
      const text = JSON.stringify({ variable: { loose: { description: 'Anything.' } } });

      expect(findings({ 'loose/main.tf.json': new TextEncoder().encode(text) })).toContainEqual({
        rule: 'terraform_typed_variables',
        at: 'loose: loose',
      });
    });
  },
);
