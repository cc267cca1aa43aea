// Starts a local AWS with a running task, says so in one line, and waits to be killed.
import { startLocalAws } from '../../local/local-aws';
import { BACKENDS } from '../../local/start-options';
import { LocalAccount } from './local-account';
import { PROBE_IMAGE, probeProgram } from './probe-image';

async function main(backendName: string, bundle: string): Promise<void> {
  const backend = BACKENDS.find((name) => name === backendName) ?? 'processes';
  const images = { [PROBE_IMAGE]: probeProgram(bundle) };
  const account = new LocalAccount(await startLocalAws({ images, backend, onProgress: () => undefined }));
  await account.prepare();
  await account.taskDefinition('abandoned', { containers: [{ command: ['stubborn'] }] });
  const taskArn = await account.run('abandoned');
  await account.linesContain('abandoned', taskArn, 'ready');
  process.stdout.write(`${JSON.stringify({ workDirectory: account.aws.workDirectory, taskArn })}\n`);
}

void main(String(process.argv[2]), String(process.argv[3]));
