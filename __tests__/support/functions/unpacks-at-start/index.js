// Unpacks its library to one fixed path as it starts, and ends where another is doing so: it would load what is half
// written, as can AWS's runtime client for Java, whose path is /tmp/.libaws-lambda-jni.so. Then it serves runs that wait for
// each other. Source: https://github.com/aws/aws-lambda-java-libs, NativeClient.java
const { mkdirSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const UNPACKING_MILLISECONDS = 1_500;
const file = process.env.LIBRARY;

try {
  writeFileSync(file, 'a library', { flag: 'wx' });
} catch {
  process.exit(255);
}
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, UNPACKING_MILLISECONDS);
rmSync(file);

exports.handler = async ({ id, folder, parties }) => {
  const meeting = path.join(folder, 'meeting');
  mkdirSync(meeting, { recursive: true });
  writeFileSync(path.join(meeting, String(id)), '');
  while (readdirSync(meeting).length < parties) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { pid: process.pid };
};
