import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { compileFunction, constants } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

// The command of a container of ours on AWS's Node.js base image as it is: fetches its program, the runner or the
// scheduler, with the SDK that the image has, checks it and starts it. Nothing is written to a disk, as the root file
// system may be read-only. It stands in the task definition, so it is short, and stacks/ bundles it.

/** For stack traces, and the folder from which the program would require something: it has everything in it. */
const FOLDER = '/var/runtime';
const FILE = `${FOLDER}/overtime-program.js`;

/** https://nodejs.org/api/modules.html#the-module-wrapper */
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

async function fetchProgram(Bucket: string, Key: string, sha256: string): Promise<string> {
  const { Body } = await new S3Client({}).send(new GetObjectCommand({ Bucket, Key }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new Error(`its SHA-256 is ${found} and should be ${sha256}`);
  }
  return gunzipSync(bytes).toString();
}

function start(program: string): void {
  const module = { exports: {} };
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const run = compileFunction(program, PARAMETERS, { filename: FILE, importModuleDynamically });
  run(module.exports, createRequire(FILE), module, FILE, FOLDER);
}

const [, bucket = '', key = '', hash = ''] = process.argv;
fetchProgram(bucket, key, hash).then(start, (error: unknown) => {
  process.stderr.write(`Overtime's program, s3://${bucket}/${key}, could not be fetched: ${String(error)}\n`);
  process.exit(1);
});
