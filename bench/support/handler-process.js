// Loads a bundled handler in a fresh process and calls it, event after event. Prints how long it took to load, in ms, and
// the median of the calls after the first few, which warm the SDK up.
const { performance } = require('node:perf_hooks');

const [file, eventText, calls] = process.argv.slice(2);
const WARM_UPS = 20;
const REMAINING_MILLISECONDS = 30_000;

async function main() {
  const begun = performance.now();
  const { handler } = require(file);
  const loadMilliseconds = performance.now() - begun;
  const durations = [];
  for (let call = 0; call < Number(calls); call += 1) {
    const start = performance.now();
    await handler(JSON.parse(eventText), {
      awsRequestId: `request-${process.pid}-${call}`,
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:overtime-starter',
      getRemainingTimeInMillis: () => REMAINING_MILLISECONDS,
    });
    durations.push(performance.now() - start);
  }
  const counted = durations.slice(WARM_UPS).sort((one, other) => one - other);
  const callMilliseconds = counted[Math.floor(counted.length / 2)];
  process.stdout.write(JSON.stringify({ loadMilliseconds, callMilliseconds }));
}

void main();
