import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, strToU8 } from 'fflate';
import { fetchProgramText } from '../../../../stacks/parts/fetched-program';

// The text as it stands in a task definition, run by Node.js with -e where an SDK can be found, as in AWS's base image.
const ROOT = path.resolve(__dirname, '../../../..');
const PROGRAM = gzipSync(strToU8("process.stdout.write('started'); process.exit(7)"));
const SHA256 = createHash('sha256').update(PROGRAM).digest('hex');

jest.setTimeout(600_000);

let server: Server;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-fetch-'));
  server = createServer((request, response) => {
    const isThere = request.url?.startsWith('/payloads/programs/one.js.gz') === true;
    response.writeHead(isThere ? 200 : 404).end(isThere ? PROGRAM : '<Error><Code>NoSuchKey</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

function run(key: string, sha256: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['-e', fetchProgramText(), 'payloads', key, sha256], {
    cwd: ROOT,
    env: {
      TMPDIR: folder,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

test('the program with the right hash is started', async () => {
  expect(await run('programs/one.js.gz', SHA256)).toEqual({ code: 7, stdout: 'started', stderr: '' });
});

test('a program with another hash is not started, and both hashes are named', async () => {
  const wrong = '0'.repeat(64);

  expect(await run('programs/one.js.gz', wrong)).toEqual({
    code: 1,
    stdout: '',
    stderr: `Overtime's program, s3://payloads/programs/one.js.gz, could not be fetched: Error: its SHA-256 is ${SHA256} and should be ${wrong}\n`,
  });
});

test('a program that is not there is named', async () => {
  expect(await run('programs/two.js.gz', SHA256)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/s3:\/\/payloads\/programs\/two\.js\.gz, could not be fetched: .*NoSuchKey/),
  });
});

test('is short enough for a task definition, which may have 64 KB', () => {
  expect(fetchProgramText().length).toBeLessThan(1_500);
});
