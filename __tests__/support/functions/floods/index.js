const { writeSync } = require('node:fs');

// Blocks in the middle of it where nobody reads.
exports.handler = async () => {
  for (;;) {
    writeSync(1, 'a line that nobody reads\n'.repeat(1_000));
  }
};
