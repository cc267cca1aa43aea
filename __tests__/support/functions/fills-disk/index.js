const { writeFileSync } = require('node:fs');
const path = require('node:path');

const MIB = 1_024 * 1_024;

/** Whatever is on the disk that the package is on: the whole of a task's. */
function fill() {
  const folder = path.dirname(process.env.LAMBDA_TASK_ROOT);
  for (let size = MIB, number = 0; size >= 1; number += 1) {
    try {
      writeFileSync(path.join(folder, `filler-${number}`), Buffer.alloc(size));
    } catch (error) {
      // The last bytes too.
      size = Math.floor(size / 2);
      if (size < 1) {
        return error;
      }
    }
  }
}

exports.handler = async ({ failing }) => {
  const error = fill();
  if (failing) {
    throw error;
  }
  return 'x'.repeat(20_000);
};
