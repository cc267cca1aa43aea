const { readFileSync } = require('node:fs');
const layered = require('layered');

exports.handler = async ({ file }) => ({
  layered,
  text: readFileSync(file, 'utf8'),
  path: process.env.PATH,
});
