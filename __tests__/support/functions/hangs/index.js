const { spawn } = require('node:child_process');

// One child in the function's process group, and one in a session of its own.
exports.handler = async () => {
  const children = [{}, { detached: true }].map((options) => spawn('sleep', ['600'], { stdio: 'inherit', ...options }));
  process.stdout.write(`children ${children.map((child) => child.pid).join(' ')}\n`);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
};
