import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolEnvironment } from '../../../local/environment';
import { runCommand } from '../../../local/run-command';
import { SQL_LOCAL, type SqlSettings, TRIGGER_SQL } from '../../../stacks/parts/trigger-sql';

/** The SQL, by what it is for; of triggers, by their name. */
export interface TriggerSql {
  readonly setup: string;
  readonly install: Readonly<Record<string, string>>;
  readonly drop: Readonly<Record<string, string>>;
  readonly outboxInstall: string;
  readonly outboxSchedule: string;
  readonly outboxUnschedule: string;
  readonly outboxDrop: string;
}

/** In a value, as Terraform's JSON takes a template for one. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/[$%]\{/g, (begin) => `${begin[0]}${begin}`));
}

/** What Terraform itself makes of the expressions that the module has as its outputs. */
export async function triggerSql(settings: SqlSettings): Promise<TriggerSql> {
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-trigger-sql-'));
  try {
    const output = Object.entries(TRIGGER_SQL).map(([name, sql]) => [name, { value: `\${${sql}}` }]);
    const document = { locals: { [SQL_LOCAL]: plain(settings) }, output: Object.fromEntries(output) };
    await writeFile(path.join(folder, 'main.tf.json'), JSON.stringify(document));
    const env = toolEnvironment(process.env, {});
    const terraform = async (...args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await runCommand('terraform', args, { cwd: folder, env });
      if (exitCode !== 0) {
        throw new Error(`terraform ${args[0]} failed: ${stdout}\n${stderr}`);
      }
      return stdout;
    };
    await terraform('apply', '-auto-approve', '-input=false', '-no-color');
    const values = JSON.parse(await terraform('output', '-json')) as Record<string, { readonly value: unknown }>;
    return Object.fromEntries(
      Object.entries(values).map(([name, { value }]) => [name, value]),
    ) as unknown as TriggerSql;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
