import { OLDEST_TERRAFORM } from '../stacks/parts/versions';
import { findEngine } from './engine-discovery';
import { findPython } from './python-environment';
import { runCommand } from './run-command';
import { isAtLeast } from './version';

interface Prerequisites {
  /** What this machine lacks, without which the local AWS cannot run: a sentence each, with the fix. */
  readonly missing: readonly string[];
  /** Why tasks cannot be containers here, with the fix; `undefined` where they can. */
  readonly noEngine: string | undefined;
}

/** Looks for what the local AWS needs: Terraform, Python, and, to run tasks as containers, an engine that answers. */
export async function findPrerequisites(environment: NodeJS.ProcessEnv): Promise<Prerequisites> {
  const [terraform, python, engine] = await Promise.all([
    terraformMissing(environment),
    pythonMissing(environment),
    findEngine(undefined, environment),
  ]);
  return {
    missing: [terraform, python].flatMap((sentence) => sentence ?? []),
    noEngine:
      engine === undefined
        ? 'No container engine answers: start one and name its Unix socket in DOCKER_HOST (Debian: apt-get install docker.io).'
        : undefined,
  };
}

const TERRAFORM_FIX = `install ${OLDEST_TERRAFORM} or newer from https://developer.hashicorp.com/terraform/install.`;

async function terraformMissing(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await runCommand('terraform', ['version'], { env: { ...env, CHECKPOINT_DISABLE: '1' } });
    const [said, version = ''] = /^Terraform v([\d.]+)\S*/m.exec(stdout) ?? [];
    return isAtLeast(version, OLDEST_TERRAFORM)
      ? undefined
      : `${said ?? 'The terraform on the PATH'} is too old: ${TERRAFORM_FIX}`;
  } catch {
    return `Terraform is not on the PATH: ${TERRAFORM_FIX}`;
  }
}

async function pythonMissing(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    await findPython(env);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
