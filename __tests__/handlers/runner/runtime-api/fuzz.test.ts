import fc from 'fast-check';
import type { Answer } from '../../../../handlers/runner/runtime-api/exchange';
import { type RuntimeApi, startRuntimeApi } from '../../../../handlers/runner/runtime-api/server';
import { sendAndBreak, sendRaw } from '../../../support/raw-http';

const SEQUENCES = 100;
const LIMIT_BYTES = 300;

type StateName = 'Started' | 'InitError' | 'Ready' | 'Running' | 'ResponseSent';

/**
 * What each request is answered in each state: the code, and the state after it. `held`: the answer comes with the next
 * invocation. Answers to an invocation that is not the runtime's are 400 in every state.
 */
const TABLE: Readonly<Record<StateName, Readonly<Record<string, readonly [number | 'held', StateName]>>>> = {
  Started: {
    next: ['held', 'Ready'],
    initError: [202, 'InitError'],
    response: [400, 'Started'],
    error: [400, 'Started'],
  },
  InitError: {
    next: [403, 'InitError'],
    initError: [403, 'InitError'],
    response: [400, 'InitError'],
    error: [400, 'InitError'],
  },
  Ready: { next: ['held', 'Ready'], initError: [403, 'Ready'], response: [400, 'Ready'], error: [400, 'Ready'] },
  Running: {
    next: [200, 'Running'],
    initError: [403, 'Running'],
    response: [202, 'ResponseSent'],
    error: [202, 'ResponseSent'],
  },
  ResponseSent: {
    next: ['held', 'Ready'],
    initError: [403, 'ResponseSent'],
    response: [403, 'ResponseSent'],
    error: [403, 'ResponseSent'],
  },
};

type Action =
  | { readonly kind: 'next' | 'initError' | 'response' | 'error' | 'invoke' | 'break' | 'streamBreaks' }
  | { readonly kind: 'stranger'; readonly verb: 'response' | 'error'; readonly id: string }
  | { readonly kind: 'tooLarge'; readonly bytes: number }
  | {
      readonly kind: 'extension';
      readonly method: string;
      readonly path: string;
      readonly id: string;
      readonly body: string;
    }
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array }
  | { readonly kind: 'pipelined' | 'brokenHttp'; readonly requests: readonly string[] };

const odd = fc.oneof(
  fc.constantFrom('invocation/next/', 'invocation//response', 'invocation/%00/response', 'init/error/..', ''),
  fc.webPath(),
  fc.string(),
);
const oddRequest = fc
  .record({
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'CONNECT', 'HEAD'), fc.string({ maxLength: 8 })),
    path: odd,
    header: fc.string({ maxLength: 40 }),
    length: fc.oneof(fc.nat(400), fc.constantFrom('-1', 'x', '1e3')),
    body: fc.string({ maxLength: 200 }),
  })
  .map(
    ({ method, path, header, length, body }) =>
      `${method} /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: x\r\nX-Fuzz: ${header}\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('next', 'initError', 'response', 'error', 'invoke', 'break', 'streamBreaks'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('next', 'invoke', 'response') }) },
  fc.record({
    kind: fc.constant('stranger'),
    verb: fc.constantFrom('response', 'error'),
    id: fc.stringMatching(/^[A-Za-z0-9._%-]{1,20}$/),
  }),
  fc.record({ kind: fc.constant('tooLarge'), bytes: fc.integer({ min: LIMIT_BYTES + 1, max: 200_000 }) }),
  fc.record({
    kind: fc.constant('extension'),
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    path: fc.constantFrom('event/next', 'init/error', 'exit/error', 'register'),
    id: fc.oneof(fc.uuid(), fc.stringMatching(/^[ -~]{0,40}$/)),
    body: fc.oneof(fc.json(), fc.string()),
  }),
  fc.record({ kind: fc.constant('garbage'), bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }) }),
  fc.record({
    kind: fc.constantFrom('pipelined', 'brokenHttp'),
    requests: fc.array(oddRequest, { minLength: 1, maxLength: 3 }),
  }),
) as fc.Arbitrary<Action>;

/** A runtime of any manners, with the model of what the server makes of it. */
class FuzzedRuntime {
  state: StateName = 'Started';
  readonly answers: Answer[] = [];
  truncated = 0;
  readyTimes = 0;
  #sent = 0;
  #held: { readonly answer: Promise<Response | undefined>; readonly abort: AbortController } | undefined;

  constructor(readonly api: () => RuntimeApi) {}

  get requestId(): string {
    return `request-${this.#sent}`;
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'next':
      case 'initError':
      case 'response':
      case 'error':
        return this.#ask(action.kind);
      case 'invoke':
        return this.#invoke();
      case 'break':
        this.#held?.abort.abort();
        await this.#held?.answer;
        this.#held = undefined;
        return;
      case 'streamBreaks':
        return this.#breakStream();
      case 'stranger':
        expect(await this.#status('POST', `invocation/no-${action.id}/${action.verb}`, '{}')).toBe(400);
        return;
      case 'tooLarge':
        return this.#answerTooMuch(action.bytes);
      case 'extension':
        expect([400, 403, 404]).toContain(await this.#extensionStatus(action));
        return;
      case 'garbage':
        return sendAndBreak(this.api().address, action.bytes);
      case 'pipelined':
        await sendRaw(this.api().address, action.requests.join(''));
        return;
      case 'brokenHttp':
        return sendAndBreak(this.api().address, action.requests.join('').slice(0, -3));
    }
  }

  /** Takes an invocation and answers it, from whatever state; a runtime that failed to start is refused. */
  async serve(): Promise<void> {
    if (this.state === 'InitError') {
      return this.#ask('next');
    }
    if (this.state === 'Running') {
      await this.#ask('response');
    }
    await this.#ask('next');
    await this.#invoke();
    await this.#ask('response');
    expect(this.answers.at(-1)).toEqual({ kind: 'response', body: Buffer.from('[1]') });
  }

  async #ask(name: 'next' | 'initError' | 'response' | 'error'): Promise<void> {
    const [code, after] = TABLE[this.state][name] ?? [0, 'Started'];
    const isAnswer = name === 'response' || name === 'error';
    const path = { next: 'invocation/next', initError: 'init/error' };
    const target = isAnswer ? `invocation/${this.requestId}/${name}` : path[name];
    if (code === 'held') {
      await this.#hold(target);
    } else if (name === 'next') {
      expect(await this.#status('GET', target)).toBe(code);
    } else {
      expect(await this.#status('POST', target, '[1]')).toBe(code);
    }
    this.state = after;
  }

  /** Asks for work, and waits until the server has heard it. */
  async #hold(target: string): Promise<void> {
    const before = this.readyTimes;
    const abort = new AbortController();
    const replaced = this.#held;
    const url = `http://${this.api().address}/2018-06-01/runtime/${target}`;
    this.#held = { abort, answer: fetch(url, { signal: abort.signal }).catch(() => undefined) };
    while (this.readyTimes === before) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The server drops the older request.
    expect(await replaced?.answer).toBeUndefined();
  }

  async #invoke(): Promise<void> {
    if (this.state !== 'Ready') {
      return;
    }
    this.#sent += 1;
    const { requestId } = this;
    const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:fn';
    this.api().send({ requestId, functionArn, deadline: new Date(1), traceId: 'Root=1-x', input: '{}' });
    this.state = 'Running';
    const held = await this.#held?.answer;
    if (this.#held !== undefined) {
      expect(held?.headers.get('lambda-runtime-aws-request-id')).toBe(requestId);
    }
    this.#held = undefined;
  }

  async #answerTooMuch(bytes: number): Promise<void> {
    const [code, after] = TABLE[this.state]['response'] ?? [0, 'Started'];
    const status = await this.#status('POST', `invocation/${this.requestId}/response`, 'x'.repeat(bytes));
    expect(status).toBe(code === 202 ? 413 : code);
    this.state = after;
  }

  async #breakStream(): Promise<void> {
    const before = this.truncated;
    await sendAndBreak(
      this.api().address,
      `POST /2018-06-01/runtime/invocation/${this.requestId}/response HTTP/1.1\r\nHost: x\r\n` +
        'Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    );
    if (this.state === 'Running') {
      while (this.truncated === before) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      this.state = 'ResponseSent';
    }
  }

  async #status(method: string, target: string, body?: string): Promise<number> {
    const init = { method, ...(body === undefined ? {} : { body }) };
    const response = await fetch(`http://${this.api().address}/2018-06-01/runtime/${target}`, init);
    await response.arrayBuffer();
    return response.status;
  }

  async #extensionStatus({ method, path, id, body }: Extract<Action, { kind: 'extension' }>): Promise<number> {
    const headers = { 'Lambda-Extension-Identifier': id, 'Lambda-Extension-Function-Error-Type': 'Any.Error' };
    const init = { method, headers, ...(method === 'GET' ? {} : { body }) };
    const response = await fetch(`http://${this.api().address}/2020-01-01/extension/${path}`, init);
    await response.arrayBuffer();
    return response.status;
  }
}

test('whatever comes on the wire, answers are as the table says, and a runtime that behaves is then served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 6, maxLength: 24 }), async (actions) => {
      let api: RuntimeApi;
      const runtime = new FuzzedRuntime(() => api);
      const identity = { functionName: 'fn', functionVersion: '1', handler: 'a.b', accountId: '' };
      api = await startRuntimeApi(
        { responseLimitBytes: LIMIT_BYTES, identity, extensionNames: [] },
        {
          onReady: () => {
            runtime.readyTimes += 1;
          },
          onInitError: () => undefined,
          onAnswer: (answer) => runtime.answers.push(answer),
          onTruncated: () => {
            runtime.truncated += 1;
          },
          onExtensionsRegistered: () => undefined,
          onExtensionError: () => undefined,
        },
      );
      try {
        for (const each of actions) {
          await runtime.act(each);
        }
        await runtime.serve();
      } finally {
        api.close();
      }
    }),
    { numRuns: SEQUENCES },
  );
});
