import { runCommand } from '../../local/run-command';

/** Processes whose arguments or environment contain the text. */
export async function processesThatMention(text: string): Promise<readonly string[]> {
  const { stdout } = await runCommand('ps', ['axeww', '-o', 'command='], { env: process.env });
  return stdout.split('\n').filter((line) => line.includes(text));
}

/** Containers of a task on a real engine; none where there is no engine. */
export async function containersOf(taskArn: string, dockerHost: string | undefined): Promise<readonly string[]> {
  if (dockerHost === undefined) {
    return [];
  }
  const filter = `label=com.amazonaws.ecs.task-arn=${taskArn}`;
  const { stdout } = await runCommand('docker', ['ps', '--all', '--quiet', '--filter', filter], {
    env: { ...process.env, DOCKER_HOST: dockerHost },
  });
  return stdout.split('\n').filter((line) => line !== '');
}
