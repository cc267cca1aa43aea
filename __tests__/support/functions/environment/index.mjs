export const handler = async (_event, context) => ({
  variables: { ...process.env },
  cwd: process.cwd(),
  userId: process.getuid(),
  context: JSON.parse(JSON.stringify(context)),
  remainingMilliseconds: context.getRemainingTimeInMillis(),
});
