import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { QuickCalls } from '../../../../../handlers/runner/worker/queue/quick-calls';

const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/work';
const HOUR_MILLISECONDS = 3_600_000;

let server: Server;
let answer: RequestListener;
let requests: IncomingMessage[];
let client: SQSClient;
let quick: QuickCalls;

const ok: RequestListener = (_, response) => response.end('{}');

beforeEach(async () => {
  requests = [];
  answer = ok;
  server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SQSClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    useQueueUrlAsEndpoint: false,
    credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' }),
    maxAttempts: 1,
  });
  quick = new QuickCalls({ client, region: 'eu-west-1', connections: 1, timeoutMilliseconds: 30_000 });
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const receive = () => quick.call('ReceiveMessage', { QueueUrl });

test('before the SDK has made a call nobody knows where SQS is, and none is made', async () => {
  expect(await receive()).toBeUndefined();
  expect(requests).toEqual([]);
});

describe('after a call of the SDK', () => {
  beforeEach(async () => {
    await client.send(new ReceiveMessageCommand({ QueueUrl }));
    requests = [];
  });

  test('the same call goes to the same place, signed for the session', async () => {
    answer = (_, response) => response.end('{"Messages":[]}');

    expect(await receive()).toEqual({ Messages: [] });
    expect(requests.map(({ method, url, headers }) => [method, url, headers['x-amz-target']])).toEqual([
      ['POST', '/', 'AmazonSQS.ReceiveMessage'],
    ]);
    expect(requests[0]?.headers).toMatchObject({
      'x-amz-security-token': 'token',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-west-1\/sqs\/aws4_request, /),
    });
  });

  test.each([
    [
      'refuses it, as credentials have run out',
      (_, response) => response.writeHead(403).end('{"__type":"ExpiredToken"}'),
    ],
    ['is busy', (_, response) => response.writeHead(503).end('{}')],
    ['answers what is no JSON', (_, response) => response.end('<html>')],
    ['hangs up', (request) => request.socket.destroy()],
    ['hangs up amid the answer', (request, response) => response.write('{"Mess', () => request.socket.destroy())],
  ] satisfies [string, RequestListener][])(
    'where SQS %s there is no answer, and the next call is made',
    async (_, fault) => {
      answer = fault;
      expect(await receive()).toBeUndefined();
      answer = ok;
      expect(await receive()).toEqual({});
    },
  );

  test('a clock that the SDK knows to be wrong is set right, or each call would be refused', async () => {
    client.config.systemClockOffset = HOUR_MILLISECONDS;
    await receive();

    const [, day, hour, minute] = /^(\d{8})T(\d\d)(\d\d)/.exec(String(requests[0]?.headers['x-amz-date'])) ?? [];
    const signed = Date.parse(`${day?.replace(/(....)(..)/, '$1-$2-')}T${hour}:${minute}:00Z`);
    expect(signed - Date.now()).toBeGreaterThan(HOUR_MILLISECONDS / 2);
  });
});
