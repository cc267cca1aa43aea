await new Promise((resolve) => setTimeout(resolve, 600_000));

export const handler = async () => 'never';
