// @developmentseed/task-starter 0.1.0 as a Lambda function of its day had it: with the SDK's version 2, which the runtime
// brought along, and which takes its endpoints from no variable.
const { createRequire } = require('node:module');
const path = require('node:path');

const load = createRequire(path.join(process.env.PEER_FOLDER, 'package.json'));
const AWS = load('aws-sdk');
const endpoint = process.env.AWS_ENDPOINT_URL;
AWS.config.update({ ecs: { endpoint }, lambda: { endpoint } });
const starter = load('@developmentseed/task-starter');

exports.handler = (event, context) =>
  new Promise((resolve, reject) => {
    const answered = (error, answer) => (error ? reject(error) : resolve(answer));
    void starter.handler(event, context, answered).catch(() => undefined);
  });
