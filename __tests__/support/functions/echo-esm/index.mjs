export const handler = async (event, context) => ({ event, remaining: context.getRemainingTimeInMillis() > 0 });
