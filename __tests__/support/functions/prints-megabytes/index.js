const LINE = `${'0123456789abcdef'.repeat(64)}\n`;

exports.handler = async ({ lines }) => {
  for (let line = 0; line < lines; line += 1) {
    process.stdout.write(LINE);
  }
  process.stderr.write('the end of stderr\n');
  process.stdout.write('no newline at the end');
  return 'printed';
};
