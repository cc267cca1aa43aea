// A function as a Node.js user writes it, with one behaviour for each handler name.

class StartError extends Error {
  name = 'StartError';
}

class ValueError extends Error {
  name = 'ValueError';
}

if (process.env.FAIL_AT_START === 'yes') {
  throw new StartError('at the start');
}

exports.answers = async (event, context) => {
  const { name } = require('layered');
  console.log('a line of output');
  return {
    event,
    requestId: context.awsRequestId,
    arn: context.invokedFunctionArn,
    hasTime: context.getRemainingTimeInMillis() > 3_600_000,
    layered: name,
  };
};

exports.fails = async () => {
  throw new ValueError('grüße, 世界');
};

exports.crashes = async () => {
  process.exit(3);
};

exports.hangs = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 600_000);
  });

exports.prints_much = async (event) => 'ü'.repeat(event.times);
