exports.handler = async () => {
  process.exit(7);
};
