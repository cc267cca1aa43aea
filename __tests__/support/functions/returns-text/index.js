exports.handler = async ({ text, times }) => text.repeat(times);
