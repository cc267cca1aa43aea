// What one would write with node-schedule, croner or bree: reads every row of the table, then makes a job of each. Its own
// reader of DynamoDB's JSON takes less than the SDK would. Prints how long that took, and when the last job ran.
const { createRequire } = require('node:module');
const path = require('node:path');
const { performance } = require('node:perf_hooks');

const [library, peerFolder, endpoint] = process.argv.slice(2);
const begun = performance.timeOrigin;
const load = createRequire(path.join(peerFolder, 'package.json'));

async function rows() {
  const all = [];
  let from;
  do {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' },
      body: JSON.stringify({ TableName: 'overtime-schedules', ExclusiveStartKey: from }),
    });
    const { Items, LastEvaluatedKey } = await response.json();
    all.push(...Items.map((item) => Object.fromEntries(Object.entries(item).map(([name, { S }]) => [name, S]))));
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return all;
}

function makeJob(row, run) {
  if (library === 'node-schedule') {
    const { scheduleJob } = load('node-schedule');
    return scheduleJob({ rule: row.cron_time, tz: row.time_zone }, run);
  }
  const { Cron } = load('croner');
  return new Cron(row.cron_time, { timezone: row.time_zone }, run);
}

/** Bree runs each job in a thread of its own, which tells when it began. */
function startBree(all, ran) {
  const Bree = load('bree');
  const bree = new Bree({
    root: false,
    logger: false,
    hasSeconds: all.some(({ cron_time: time }) => time.split(' ').length === 6),
    errorHandler: (error) => {
      throw error;
    },
    workerMessageHandler: ({ message }) => ran(message),
    jobs: all.map(({ id, cron_time: cron, time_zone: timezone }) => ({ name: id, path: BREE_JOB, cron, timezone })),
  });
  return bree.start();
}

const BREE_JOB = path.join(__dirname, 'bree-job.js');

async function main() {
  const jobs = [];
  let ran = 0;
  const all = await rows();
  if (library === 'bree') {
    await startBree(all, (at) => {
      ran += 1;
      if (ran === all.length) {
        process.stdout.write(`${JSON.stringify({ ran, lastAt: at })}\n`);
      }
    });
    process.stdout.write(
      `${JSON.stringify({ loaded: performance.timeOrigin + performance.now() - begun, jobs: all.length })}\n`,
    );
    return;
  }
  for (const row of all) {
    jobs.push(
      makeJob(row, () => {
        ran += 1;
        if (ran === all.length) {
          process.stdout.write(`${JSON.stringify({ ran, lastAt: Date.now() })}\n`);
        }
      }),
    );
  }
  process.stdout.write(
    `${JSON.stringify({ loaded: performance.timeOrigin + performance.now() - begun, jobs: jobs.length })}\n`,
  );
}

void main();
