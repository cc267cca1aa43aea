import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

export interface StoredObject {
  readonly content: Buffer;
  readonly eTag: string;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What goes wrong with one request: the connection breaks after half of the body; S3 refuses it; it is busy; the answer
 * never comes; nor does it come when the request has taken effect.
 */
export type ObjectFault = 'cut' | 'denied' | 'busy' | 'silent' | 'unanswered';

interface Asked {
  readonly operation: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A large object that nobody holds in memory, and what is uploaded to it is counted alone. */
const ENDLESS = Buffer.alloc(64 * 1_024, 'x');

/** S3 on loopback, as far as a worker of objects needs it: ranges, conditions, versions and multipart uploads. */
export class FakeObjects {
  /** By `bucket/key`, with `?version` where it has one. */
  readonly objects = new Map<string, StoredObject>();
  /** By name: objects of so many bytes. What is uploaded to a name in here is counted, and not kept. */
  readonly huge = new Map<string, number>();
  /** By operation, such as `GetObject bucket/key`: what goes wrong with one request after another. */
  readonly faults = new Map<string, (ObjectFault | undefined)[]>();
  /** Every request in order, such as `GetObject bucket/key bytes=0-9`. */
  readonly requests: string[] = [];
  /** Uploads in parts that were begun and neither completed nor given up, by their ids. */
  readonly uploads = new Map<string, Map<number, Buffer>>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });
  #begun = 0;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  put(name: string, content: Buffer | string, metadata: Readonly<Record<string, string>> = {}): StoredObject {
    const bytes = Buffer.from(content);
    const object = { content: bytes, eTag: md5(bytes), contentType: undefined, metadata };
    this.objects.set(name, object);
    this.#changes.emit('change');
    return object;
  }

  /** Resolves once there is an object of that name. */
  async appeared(name: string): Promise<StoredObject> {
    for (;;) {
      const found = this.objects.get(name);
      if (found !== undefined) {
        return found;
      }
      await once(this.#changes, 'change');
    }
  }

  /** Resolves once so many requests have come that begin so. */
  async seen(request: string, times = 1): Promise<void> {
    while (this.asked(request) < times) {
      await once(this.#changes, 'change');
    }
  }

  asked(request: string): number {
    return this.requests.filter((one) => one.startsWith(request)).length;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const name = decodeURIComponent(url.pathname.slice(1));
    const operation = operationOf(request.method ?? '', url.searchParams);
    const version = url.searchParams.get('versionId');
    const asked = {
      operation,
      name: version === null ? name : `${name}?${version}`,
      query: url.searchParams,
      request,
      response,
    };
    this.requests.push([operation, asked.name, request.headers.range].filter((word) => word !== undefined).join(' '));
    const fault = this.faults.get(`${operation} ${name}`)?.shift();
    this.#changes.emit('change');
    switch (fault) {
      case 'denied':
        // Whole, as for S3: a connection that closes under a body would count as broken, and be tried again.
        await buffer(request);
        return refuse(asked, 403, 'AccessDenied');
      case 'busy':
        return refuse(asked, 503, 'SlowDown');
      case 'silent':
        return;
      case 'unanswered':
        this.objects.set(name, await stored(request));
        this.#changes.emit('change');
        return;
      default:
        await (/^(Get|Head)Object$/.test(operation) ? this.#get(asked, fault === 'cut') : this.#store(asked));
        this.#changes.emit('change');
    }
  }

  async #get(asked: Asked, isCut: boolean): Promise<void> {
    const { name, request, response } = asked;
    const huge = this.huge.get(name);
    const object = this.objects.get(name);
    if (huge === undefined && object === undefined) {
      return refuse(asked, 404, name.includes('?') ? 'NoSuchVersion' : 'NoSuchKey');
    }
    const eTag = object?.eTag ?? 'huge';
    const wanted = request.headers['if-match'];
    if (wanted !== undefined && wanted !== `"${eTag}"`) {
      return refuse(asked, 412, 'PreconditionFailed');
    }
    const bytes = huge ?? object?.content.byteLength ?? 0;
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(first ?? 0);
    const end = Math.min(Number(last ?? bytes - 1) + 1, bytes);
    if (first !== undefined && start >= bytes) {
      return refuse(asked, 416, 'InvalidRange');
    }
    response.writeHead(first === undefined ? 200 : 206, {
      ETag: `"${eTag}"`,
      'Content-Length': end - start,
      ...(first === undefined ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${bytes}` }),
      ...Object.fromEntries(Object.entries(object?.metadata ?? {}).map(([key, value]) => [`x-amz-meta-${key}`, value])),
    });
    if (isCut) {
      const half = object?.content.subarray(start, start + Math.floor((end - start) / 2)) ?? ENDLESS;
      response.write(half, () => response.destroy());
      return;
    }
    if (object === undefined) {
      await pipeline(Readable.from(endless(end - start)), response);
    } else {
      response.end(object.content.subarray(start, end));
    }
  }

  async #store({ operation, name, query, request, response }: Asked): Promise<void> {
    const uploadId = query.get('uploadId') ?? '';
    if (this.huge.has(name) && operation === 'UploadPart') {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        this.huge.set(name, (this.huge.get(name) ?? 0) + chunk.byteLength);
      }
      response.writeHead(200, { ETag: '"part"' }).end();
      return;
    }
    const body = await buffer(request);
    switch (operation) {
      case 'CreateMultipartUpload': {
        this.#begun += 1;
        this.uploads.set(`upload-${this.#begun}`, new Map());
        this.#heads.set(`upload-${this.#begun}`, headOf(request));
        response.end(
          `<InitiateMultipartUploadResult><UploadId>upload-${this.#begun}</UploadId></InitiateMultipartUploadResult>`,
        );
        return;
      }
      case 'UploadPart':
        this.uploads.get(uploadId)?.set(Number(query.get('partNumber')), body);
        response.writeHead(200, { ETag: `"${md5(body)}"` }).end();
        return;
      case 'CompleteMultipartUpload': {
        const parts = [...(this.uploads.get(uploadId) ?? [])].sort(([one], [other]) => one - other);
        this.uploads.delete(uploadId);
        const content = Buffer.concat(parts.map(([, part]) => part));
        this.objects.set(name, { content, eTag: md5(content), ...(this.#heads.get(uploadId) ?? headOf(request)) });
        response.end('<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>');
        return;
      }
      case 'AbortMultipartUpload':
        this.uploads.delete(uploadId);
        response.writeHead(204).end();
        return;
      default:
        this.objects.set(name, { content: body, eTag: md5(body), ...headOf(request) });
        response.writeHead(200, { ETag: `"${md5(body)}"` }).end();
    }
  }

  readonly #heads = new Map<string, ReturnType<typeof headOf>>();
}

function operationOf(method: string, query: URLSearchParams): string {
  if (query.has('uploads')) {
    return 'CreateMultipartUpload';
  }
  const hasUpload = query.has('uploadId');
  switch (method) {
    case 'PUT':
      return hasUpload ? 'UploadPart' : 'PutObject';
    case 'POST':
      return 'CompleteMultipartUpload';
    case 'DELETE':
      return hasUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'HEAD':
      return 'HeadObject';
    default:
      return 'GetObject';
  }
}

function headOf({ headers }: IncomingMessage) {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)] as const] : [],
  );
  return { contentType: headers['content-type'], metadata: Object.fromEntries(metadata) };
}

async function stored(request: IncomingMessage): Promise<StoredObject> {
  const content = await buffer(request);
  return { content, eTag: md5(content), ...headOf(request) };
}

function refuse({ request, response }: Asked, status: number, code: string): void {
  request.resume();
  response.writeHead(status).end(`<Error><Code>${code}</Code><Message>a refusal</Message></Error>`);
}

function* endless(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= ENDLESS.byteLength) {
    yield ENDLESS.subarray(0, Math.min(left, ENDLESS.byteLength));
  }
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
