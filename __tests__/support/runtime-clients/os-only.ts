import { readFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { functionPackage, textPackage } from '../function-package';
import { built, compile, pinnedVersion } from './built';
import type { RuntimeClient } from './runtime-client';

// Functions of OS-only runtimes: a program called bootstrap in the package, and a layer with another program.

const LAYER = textPackage({ 'bin/layered': "#!/bin/sh\necho 'from a layer'\n" }, 0o100755);

function osOnly(zip: Uint8Array) {
  return { runtime: 'provided.al2023', package: zip, layer: LAYER, environment: {} };
}

export const GO: RuntimeClient = {
  runtime: 'OS-only (Go)',
  client: 'aws-lambda-go',
  version: pinnedVersion('functions/go-cases/go.mod', /aws-lambda-go v(\S+)/),
  programs: ['go'],
  // A panic before lambda.Start is told to nobody.
  startExitStatus: 2,
  provide: async () => {
    const folder = await built({ name: 'go', sources: ['functions/go-cases'], build: buildGo });
    return osOnly(programPackage(path.join(folder, 'go-cases/bootstrap')));
  },
};

export const RUST: RuntimeClient = {
  runtime: 'OS-only (Rust)',
  client: 'lambda_runtime',
  version: pinnedVersion('functions/rust-cases/Cargo.toml', /lambda_runtime = \{ version = "=([^"]+)"/),
  programs: ['cargo', 'cc'],
  // So is an error that main returns.
  startExitStatus: 1,
  provide: async () => {
    const folder = await built({ name: 'rust', sources: ['functions/rust-cases'], build: buildRust });
    return osOnly(programPackage(path.join(folder, 'rust-cases/target/debug/bootstrap')));
  },
};

export const SHELL: RuntimeClient = {
  runtime: 'OS-only (shell)',
  client: 'curl',
  version: undefined,
  programs: ['curl'],
  provide: async () => osOnly(functionPackage('shell-cases')),
};

async function buildGo(folder: string): Promise<void> {
  const args = ['build', '-tags', 'lambda.norpc', '-ldflags', '-s -w', '-o', 'bootstrap', '.'];
  await compile(path.join(folder, 'go-cases'), 'go', args, { CGO_ENABLED: '0' });
}

async function buildRust(folder: string): Promise<void> {
  await compile(path.join(folder, 'rust-cases'), 'cargo', ['build', '--locked']);
}

function programPackage(file: string): Uint8Array {
  return zipSync({ bootstrap: [readFileSync(file), { os: 3, attrs: 0o100755 << 16, level: 1 }] });
}
