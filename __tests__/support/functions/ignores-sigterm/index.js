process.on('SIGTERM', () => process.stdout.write('ignored\n'));

exports.handler = async () => {
  process.stdout.write('the handler runs\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
};
