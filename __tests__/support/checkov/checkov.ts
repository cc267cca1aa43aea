import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { ModuleFiles } from '../../../stacks/module-files';
import type { Finding } from '../findings';
import { type ProvidedPython, provideTestPython } from '../test-python';

const Report = v.object({
  summary: v.object({ passed: v.number(), parsing_errors: v.number() }),
  results: v.object({
    failed_checks: v.array(v.object({ check_id: v.string(), file_path: v.string(), resource: v.string() })),
  }),
});

type Block = Readonly<Record<string, unknown>>;

/** A Python with the pinned checkov, made at first use and kept, as the emulator's is. */
export function provideCheckov(): ProvidedPython {
  return provideTestPython(path.join(__dirname, 'requirements.txt'));
}

/** What checkov has against the modules, how many of its questions they answer well, and how often it gave up. */
export function runCheckov(
  python: string,
  modules: ModuleFiles,
): { readonly findings: readonly Finding[]; readonly passed: number; readonly unread: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-checkov-'));
  try {
    for (const [file, bytes] of Object.entries(modules).filter(([name]) => name.endsWith('.tf.json'))) {
      mkdirSync(path.join(folder, path.dirname(file)));
      writeFileSync(
        path.join(folder, file),
        JSON.stringify(readable(JSON.parse(new TextDecoder().decode(bytes))), null, 2),
      );
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
    const failures = stderr.match(/ Failed to /g)?.length ?? 0;
    return { findings, passed: summary.passed, unread: summary.parsing_errors + failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A module as checkov can read it, and with all that it may make:
 * - Its reader of JSON takes every block for one of resources, and fails at the versions.
 * - At a dynamic block it drops all resources of the module from its graph, without counting it as an error.
 * - What the defaults make none of it does not look at.
 */
function readable({ terraform: _versions, ...document }: Readonly<Record<string, unknown>>): unknown {
  const resource = Object.entries((document['resource'] ?? {}) as Readonly<Record<string, Block>>);
  const whole = resource.map(([type, ids]) => [
    type,
    Object.fromEntries(
      Object.entries(ids).map(([id, block]) => {
        const { count: _count, ...others } = withoutDynamic(block) as Block;
        return [id, others];
      }),
    ),
  ]);
  return { ...document, resource: Object.fromEntries(whole) };
}

/** A dynamic block becomes the block of which it makes none or several. */
function withoutDynamic(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutDynamic);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { dynamic = {}, ...others } = value as Block;
  const made = Object.entries(dynamic as Readonly<Record<string, { readonly content: unknown }>>);
  return Object.fromEntries(
    [...Object.entries(others), ...made.map(([name, { content }]) => [name, content] as const)].map(([name, inner]) => [
      name,
      withoutDynamic(inner),
    ]),
  );
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
