// Brings a function to its first line as nasa/cumulus-ecs-task 2.1.0 does (index.js, bin/service.js there), which is on
// no registry: ask Lambda, download to a file, `unzip -q -o`, require, call. Left out, to its advantage: the copy of
// /var/runtime/node_modules into the task's folder, its logger.
const { exec } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const { createRequire } = require('node:module');
const path = require('node:path');
const { promisify } = require('node:util');

const [peerFolder, functionArn, workFolder, taskFolder] = process.argv.slice(2);
const load = createRequire(path.join(peerFolder, 'package.json'));
load('lodash/isBoolean');
load('p-retry');
load('set-interval-async');
const { GetFunctionCommand, Lambda } = load('@aws-sdk/client-lambda');
load('@aws-sdk/client-sfn');
load('@aws-sdk/client-sqs');

const run = promisify(exec);

function download(url, file) {
  const target = fs.createWriteStream(file);
  return new Promise((resolve, reject) => {
    target.on('error', reject);
    target.on('finish', () => target.close());
    target.on('close', resolve);
    http.get(url, (response) => response.pipe(target)).on('error', reject);
  });
}

async function main() {
  await fs.promises.mkdir(workFolder, { recursive: true });
  await fs.promises.mkdir(taskFolder, { recursive: true });
  const lambda = new Lambda({ region: process.env.AWS_DEFAULT_REGION });
  const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: functionArn }));
  const [moduleName, exportName] = Configuration.Handler.split('.');
  const zip = path.join(workFolder, 'fn.zip');
  await download(Code.Location, zip);
  await run(`unzip -q -o ${zip} -d ${taskFolder}`);
  const task = require(`${taskFolder}/${moduleName}`);
  await task[exportName]({}, { via: 'ECS' });
}

void main();
