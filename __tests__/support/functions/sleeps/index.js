exports.handler = async ({ milliseconds }) => {
  process.stdout.write('the handler runs\n');
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return 'woke up';
};
