// One export for each way in which a handler can behave.

exports.promise = () => Promise.resolve('a promise');

exports.callback = (_event, _context, callback) => callback(null, 'by callback');

exports.callbackError = (_event, _context, callback) => callback(new TypeError('by callback'));

exports.waitsForEventLoop = (_event, _context, callback) => {
  const result = { timerRan: false };
  setTimeout(() => {
    result.timerRan = true;
  }, 50);
  callback(null, result);
};

exports.doesNotWait = (_event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  setInterval(() => undefined, 1000);
  callback(null, 'at once');
};

exports.succeed = (_event, context) => context.succeed('by context');

exports.fail = (_event, context) => context.fail(new TypeError('by context'));

exports.done = (_event, context) => context.done(null, 'by context');

exports.neverSettled = async () => new Promise(() => undefined);

exports.neverCalledBack = () => undefined;

exports.undefinedResult = async () => undefined;

exports.functionResult = async () => () => undefined;

exports.bigint = async () => 1n;

exports.circular = async () => {
  const result = {};
  result.self = result;
  return result;
};

exports.throwsText = async () => {
  // biome-ignore lint/style/useThrowOnlyError: functions do throw such things, and Lambda reports them
  throw 'just text';
};

exports.throwsUndefined = async () => {
  // biome-ignore lint/style/useThrowOnlyError: functions do throw such things, and Lambda reports them
  throw undefined;
};

exports.throwsSync = () => {
  throw new RangeError('at once');
};

exports.throwsEvilError = async () => {
  const evil = new Error('evil');
  Object.defineProperty(evil, 'message', {
    get: () => {
      throw new Error('unreadable');
    },
  });
  throw evil;
};

exports.unhandledRejection = () =>
  new Promise(() => {
    void Promise.reject(new RangeError('nobody listens'));
    setInterval(() => undefined, 1000);
  });

exports.uncaughtException = () =>
  new Promise(() => {
    setTimeout(() => {
      throw new RangeError('nobody catches');
    }, 1);
  });

exports.contextNames = async (_event, context) => Object.keys(context).sort();

exports.value = 'not a function';

const { awslambda } = globalThis;

exports.streams = awslambda?.streamifyResponse(async (event, stream, _context) => {
  stream.write('["grüße", ');
  await new Promise((resolve) => setTimeout(resolve, 5));
  stream.end(`${JSON.stringify(event)}]`);
});

exports.streamsHttp = awslambda?.streamifyResponse(async (_event, stream) => {
  const http = awslambda.HttpResponseStream.from(stream, { statusCode: 404, headers: { 'X-A': 'b' } });
  http.write('not ');
  http.end('here');
});

exports.streamsPiped = awslambda?.streamifyResponse(async (_event, stream) => {
  const { pipeline } = require('node:stream/promises');
  await pipeline(require('node:stream').Readable.from(['"pi', 'ped"']), stream);
});

exports.streamThrows = awslambda?.streamifyResponse(async (_event, stream) => {
  stream.write('half');
  throw new RangeError('in the middle');
});

exports.streamNotEnded = awslambda?.streamifyResponse(async (_event, stream) => {
  stream.write('half');
});

exports.streamNotAsync = awslambda?.streamifyResponse((_event, stream) => stream.end('1'));

exports.callerContext = async (_event, context) => [context.clientContext, context.identity];
