const greeting = await Promise.resolve('from a module with a top-level await');

export const handler = async () => greeting;
