const { AWS_LAMBDA_RUNTIME_API, AWS_EXECUTION_ENV, _HANDLER } = process.env;

async function serve() {
  const invocations = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
  for (;;) {
    const next = await fetch(`${invocations}/next`);
    const requestId = next.headers.get('lambda-runtime-aws-request-id');
    const answer = { event: await next.json(), handler: _HANDLER, executionEnvironment: AWS_EXECUTION_ENV ?? null };
    await fetch(`${invocations}/${requestId}/response`, { method: 'POST', body: JSON.stringify(answer) });
  }
}

void serve();
