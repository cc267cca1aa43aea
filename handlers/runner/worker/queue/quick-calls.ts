import http from 'node:http';
import https from 'node:https';
import type { SQSClient } from '@aws-sdk/client-sqs';

export interface QuickCallsOptions {
  /** Makes the first call, and whatever does not go well; says where SQS is, and signs. */
  readonly client: SQSClient;
  readonly region: string;
  /** How many calls may be under way at once. */
  readonly connections: number;
  readonly timeoutMilliseconds: number;
}

/** Where the SDK has sent a call. */
interface Place {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

const OK = 200;

/**
 * Calls of SQS without the SDK's layers, which took three times the processor's time of the call itself, and most of
 * a worker's whose jobs are short. The SDK goes on to say where SQS is, to sign, and to repeat: a call that does not go
 * well here is no answer, and the caller makes it with the SDK.
 */
export class QuickCalls {
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };
  readonly #signer: ReturnType<SQSClient['config']['signer']>;
  #place: Place | undefined;

  constructor(private readonly options: QuickCallsOptions) {
    const { client, connections, region } = options;
    const agent = { keepAlive: true, maxSockets: connections };
    this.#agents = { http: new http.Agent(agent), https: new https.Agent(agent) };
    this.#signer = client.config.signer({
      name: 'sigv4',
      signingName: 'sqs',
      signingRegion: region,
      properties: {},
    });
    client.middlewareStack.add(
      (next) => (args) => {
        this.#place ??= placeOf(args.request);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'overtimeNotesPlace' },
    );
  }

  /**
   * @returns SQS's answer; `undefined` where there is none: before the SDK's first call, and after any fault
   */
  async call(action: string, input: object, signal?: AbortSignal): Promise<unknown> {
    const place = this.#place;
    if (place === undefined || signal?.aborted === true) {
      return undefined;
    }
    try {
      const body = JSON.stringify(input);
      const signer = await this.#signer;
      const { headers } = await signer.sign(
        {
          method: 'POST',
          ...place,
          query: {},
          body,
          headers: {
            host: place.port === undefined ? place.hostname : `${place.hostname}:${place.port}`,
            'content-type': 'application/x-amz-json-1.0',
            'content-length': String(Buffer.byteLength(body)),
            'x-amz-target': `AmazonSQS.${action}`,
          },
        },
        // What the SDK has learnt of a clock that is wrong: without it each call would be refused, and made twice.
        { signingDate: new Date(Date.now() + this.options.client.config.systemClockOffset) },
      );
      const answer = await this.#send(place, headers, body, signal);
      return answer === undefined ? undefined : JSON.parse(answer);
    } catch {
      return undefined;
    }
  }

  #send(
    place: Place,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const isPlain = place.protocol === 'http:';
    const options = {
      agent: isPlain ? this.#agents.http : this.#agents.https,
      method: 'POST',
      hostname: place.hostname,
      path: place.path,
      headers,
      timeout: this.options.timeoutMilliseconds,
      ...(place.port === undefined ? {} : { port: place.port }),
      ...(signal === undefined ? {} : { signal }),
    };
    return new Promise((resolve, reject) => {
      const request = (isPlain ? http : https).request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve(response.statusCode === OK ? Buffer.concat(chunks).toString('utf8') : undefined),
        );
      });
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('SQS does not answer.')));
      request.end(body);
    });
  }
}

/** The SDK's request, as far as it is known to be one. */
function placeOf(request: unknown): Place | undefined {
  if (typeof request !== 'object' || request === null) {
    return undefined;
  }
  const { protocol, hostname, port, path } = request as Partial<Record<keyof Place, unknown>>;
  return typeof protocol === 'string' && typeof hostname === 'string' && typeof path === 'string'
    ? { protocol, hostname, path, ...(typeof port === 'number' ? { port } : {}) }
    : undefined;
}
