const { createServer } = require('node:net');

exports.handler = async () => {
  setInterval(() => undefined, 10);
  createServer().listen(0);
  return 'done';
};
