import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { ModuleFiles } from '../../../stacks/module-files';
import type { Finding } from '../findings';

const ROOT = path.resolve(__dirname, '../../..');

const Report = v.object({
  summary: v.object({ passed: v.number(), parsing_errors: v.number() }),
  results: v.object({
    failed_checks: v.array(v.object({ check_id: v.string(), file_path: v.string(), resource: v.string() })),
  }),
});

type Provided = { readonly python: string } | { readonly missing: string };

/** A Python with the pinned checkov, made at first use and kept, as the emulator's is. */
export function provideCheckov(): Provided {
  const script = `
    import { CACHE_DIRECTORY } from ${JSON.stringify(path.join(ROOT, 'local/cache-directory.ts'))};
    import { providePython } from ${JSON.stringify(path.join(ROOT, 'local/python-environment.ts'))};
    const options = { cacheDirectory: CACHE_DIRECTORY, env: process.env, onProgress: () => undefined };
    providePython({ ...options, requirementsFile: ${JSON.stringify(path.join(__dirname, 'requirements.txt'))} }).then(
      (python) => process.stdout.write(python),
      (error) => { process.stderr.write(error.message); process.exitCode = 1; },
    );`;
  const { status, stdout, stderr } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsx'), ['--eval', script], {
    encoding: 'utf8',
  });
  return status === 0 ? { python: stdout } : { missing: stderr };
}

/** What checkov has against the modules, and how many of its questions they answer well. */
export function runCheckov(
  python: string,
  modules: ModuleFiles,
): { readonly findings: readonly Finding[]; readonly passed: number; readonly unread: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-checkov-'));
  try {
    for (const [file, bytes] of Object.entries(modules).filter(([name]) => name.endsWith('.tf.json'))) {
      // Its reader of JSON takes every block for one of resources: it fails at the versions.
      const { terraform: _versions, ...content } = JSON.parse(new TextDecoder().decode(bytes));
      mkdirSync(path.join(folder, path.dirname(file)));
      writeFileSync(path.join(folder, file), JSON.stringify(content, null, 2));
    }
    const program = path.join(path.dirname(python), 'checkov');
    const args = ['--directory', folder, '--framework', 'terraform_json', '--output', 'json', '--skip-download'];
    const { stdout, stderr } = spawnSync(python, [program, ...args], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (stdout === '') {
      throw new Error(`checkov said nothing: ${stderr}`);
    }
    const { summary, results } = v.parse(Report, JSON.parse(stdout));
    const findings = results.failed_checks.map(({ check_id: rule, file_path: file, resource }) => ({
      rule,
      at: `${path.basename(path.dirname(file))}: ${typed(resource, modules, file)}`,
    }));
    return { findings, passed: summary.passed, unread: summary.parsing_errors };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A resource's address: of some checkov tells the id alone, after the word resource. */
function typed(resource: string, modules: ModuleFiles, file: string): string {
  const id = resource.replace(/^.*\./, '');
  const document = JSON.parse(new TextDecoder().decode(modules[file.slice(1)])) as {
    readonly resource: Readonly<Record<string, object>>;
  };
  const types = Object.entries(document.resource).filter(([, ids]) => id in ids);
  return resource.startsWith('resource.') ? types.map(([type]) => `${type}.${id}`).join(' or ') : resource;
}
