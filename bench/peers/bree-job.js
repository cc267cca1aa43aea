// An empty job, in the thread that bree makes of it: says when it began.
const { parentPort } = require('node:worker_threads');

parentPort.postMessage(Date.now());
