import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

// The command of a container of ours on AWS's Node.js base image as it is: fetches its program, the runner or the
// scheduler, with the SDK that the image has, checks it and starts it. It stands in the task definition, so it is short, and stacks/ bundles it.

const FILE = `${tmpdir()}/overtime-program.js`;

async function fetchProgram(Bucket: string, Key: string, sha256: string): Promise<void> {
  const { Body } = await new S3Client({}).send(new GetObjectCommand({ Bucket, Key }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new Error(`its SHA-256 is ${found} and should be ${sha256}`);
  }
  writeFileSync(FILE, gunzipSync(bytes));
}

const [, bucket = '', key = '', hash = ''] = process.argv;
fetchProgram(bucket, key, hash).then(
  () => createRequire(FILE)(FILE),
  (error: unknown) => {
    process.stderr.write(`Overtime's program, s3://${bucket}/${key}, could not be fetched: ${String(error)}\n`);
    process.exit(1);
  },
);
