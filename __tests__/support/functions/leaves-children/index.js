const { spawn } = require('node:child_process');

// They hold the function's stdout and stderr, and write to them.
exports.handler = async () => {
  const children = [false, true].map((detached) =>
    spawn('/bin/sh', ['-c', 'while :; do echo still here; sleep 0.05; done'], { stdio: 'inherit', detached }),
  );
  for (const child of children) {
    child.unref();
  }
  return children.map((child) => child.pid);
};
