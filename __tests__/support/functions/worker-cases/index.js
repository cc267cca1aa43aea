// Does what its event says, one invocation after another.
const { existsSync } = require('node:fs');

const CODE = 'old';
let count = 0;

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.handler = async (event, context) => {
  count += 1;
  const { behaviour, id } = event;
  process.stdout.write(`the handler runs ${id}\n`);
  switch (behaviour) {
    case 'undefined':
      return undefined;
    case 'repeats':
      return event.text.repeat(event.times);
    case 'fails': {
      const error = new Error(event.message.repeat(event.times ?? 1));
      error.name = event.errorName.repeat(event.times ?? 1);
      throw error;
    }
    case 'throws-text':
      // biome-ignore lint/style/useThrowOnlyError: functions do throw such things, and Lambda reports them
      throw 'just text';
    case 'throws-undefined':
      // biome-ignore lint/style/useThrowOnlyError: functions do throw such things, and Lambda reports them
      throw undefined;
    case 'hangs':
      await wait(600_000);
      break;
    case 'sleeps':
      await wait(event.milliseconds);
      break;
    case 'waits':
      while (!existsSync(event.file)) {
        await wait(5);
      }
      break;
    case 'crashes':
      process.exit(9);
      break;
    case 'looks':
      return {
        variable: process.env.FROM_FUNCTION,
        requestId: context.awsRequestId,
        functionArn: context.invokedFunctionArn,
        remainingMilliseconds: context.getRemainingTimeInMillis(),
      };
  }
  return { id, pid: process.pid, count, code: CODE };
};
