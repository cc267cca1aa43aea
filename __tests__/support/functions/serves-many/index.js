// Serves one invocation after another, as its event says, and notes each in a file.
const { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const CODE = 'old';
let count = 0;

async function until(isTrue) {
  while (!isTrue()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

exports.handler = async ({ id, folder, behaviour, parties }) => {
  count += 1;
  appendFileSync(path.join(folder, 'begun'), `${id}\n`);
  switch (behaviour) {
    case 'crashes':
      process.exit(9);
      break;
    case 'hangs':
      await new Promise((resolve) => setTimeout(resolve, 600_000));
      break;
    case 'meets': {
      const meeting = path.join(folder, 'meeting');
      mkdirSync(meeting, { recursive: true });
      writeFileSync(path.join(meeting, String(id)), '');
      await until(() => readdirSync(meeting).length >= parties);
      break;
    }
    case 'waits':
      await until(() => existsSync(path.join(folder, 'go')));
      break;
  }
  return { pid: process.pid, count, code: CODE, layered: layered() };
};

function layered() {
  try {
    return require('layered');
  } catch {
    return 'none';
  }
}
