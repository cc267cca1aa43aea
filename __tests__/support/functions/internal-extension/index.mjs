// A function with an extension of its own, in its own process.
const { AWS_LAMBDA_RUNTIME_API } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension`;
const heard = [];

async function register(name, events) {
  const answer = await fetch(`${api}/register`, {
    method: 'POST',
    headers: { 'Lambda-Extension-Name': name },
    body: JSON.stringify({ events }),
  });
  return { status: answer.status, id: answer.headers.get('lambda-extension-identifier'), body: await answer.json() };
}

const refused = await register('inside-shutdown', ['SHUTDOWN']);
const { id } = await register('inside', ['INVOKE']);

async function listen() {
  for (;;) {
    const next = await fetch(`${api}/event/next`, { headers: { 'Lambda-Extension-Identifier': id } });
    heard.push(await next.json());
  }
}
void listen();

export const handler = async (_event, context) => {
  while (heard.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const late = await register('too-late', ['INVOKE']);
  return { refused: refused.body, late: late.body, isSame: heard[0].requestId === context.awsRequestId };
};
