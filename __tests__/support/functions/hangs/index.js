const { spawn } = require('node:child_process');

// One child in the function's process group, one in a session of its own, and one that has no environment either.
const WAYS = [{}, { detached: true }, { detached: true, env: {} }];

exports.handler = async () => {
  const children = WAYS.map((options) => spawn('/bin/sleep', ['600'], { stdio: 'inherit', ...options }));
  process.stdout.write(`children ${children.map((child) => child.pid).join(' ')}\n`);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
};
