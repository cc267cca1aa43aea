import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startLocalAws } from '../../local/local-aws';
import { backendUnderTest } from './backend-under-test';
import { LocalAccount } from './local-account';
import { buildProbeImage, bundleProbe, PROBE_IMAGE, probeProgram } from './probe-image';

export interface ProbeAccount {
  readonly account: LocalAccount;
  /** For what a test makes for itself. */
  readonly directory: string;
  /** The probe's program. */
  readonly bundle: string;
  /** Starts another local AWS with the same image. */
  readonly startAnother: () => Promise<LocalAccount>;
  readonly stop: () => Promise<void>;
}

/** A local AWS whose tasks can run the probe, with a task definition "probe" for it. */
export async function startProbeAccount(): Promise<ProbeAccount> {
  const directory = mkdtempSync(path.join(tmpdir(), 'overtime-probe-'));
  const bundle = await bundleProbe(directory);
  const start = async () => {
    const images = { [PROBE_IMAGE]: probeProgram(bundle) };
    const aws = await startLocalAws({ images, backend: backendUnderTest(), onProgress: () => undefined });
    const account = new LocalAccount(aws);
    await account.prepare();
    await account.taskDefinition('probe');
    return account;
  };
  const account = await start();
  if (account.aws.dockerHost !== undefined) {
    await buildProbeImage(bundle, account.aws.dockerHost);
  }
  return {
    account,
    directory,
    bundle,
    startAnother: start,
    stop: async () => {
      await account.aws.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
