const CASES = {
  answers: ({ event }, context) => {
    console.log('a line of the function');
    return { event, requestId: context.awsRequestId, title: process.env.TITLE };
  },
  fails: () => {
    throw new RangeError('grüße, 世界');
  },
  crashes: () => process.exit(3),
  hangs: () => new Promise(() => setInterval(() => undefined, 1_000)),
  sleeps: async ({ milliseconds }) => {
    console.log('asleep');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return 'rested';
  },
};

export const handler = async (input, context) => CASES[input.case](input, context);
