import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Opens a connection to `host:port`, whose errors are nobody's concern. */
export function connectTo(address: string): Socket {
  const [host = '', port = ''] = address.split(':');
  return createConnection({ host, port: Number(port) }).on('error', () => undefined);
}

/** Sends the bytes as they are, ends the sending side, and reads what comes back until the other side closes. */
export async function sendRaw(address: string, bytes: string | Uint8Array): Promise<string> {
  const socket = connectTo(address);
  socket.end(bytes);
  return text(socket).catch(() => '');
}

/** Sends the bytes and breaks the connection without a farewell. */
export async function sendAndBreak(address: string, bytes: string | Uint8Array): Promise<void> {
  const socket = connectTo(address);
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  socket.destroy();
  await once(socket, 'close');
}

/** A request whose body comes in chunks, with trailers after it. */
export function chunkedRequest(
  path: string,
  headers: Readonly<Record<string, string>>,
  chunks: readonly (string | Uint8Array)[],
  trailers: Readonly<Record<string, string>> = {},
): Buffer {
  const lines = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
  const parts = chunks.flatMap((chunk) => {
    const bytes = Buffer.from(chunk);
    return [Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
  });
  return Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n${lines(headers)}\r\n`,
    ),
    ...parts,
    Buffer.from(`0\r\n${lines(trailers)}\r\n`),
  ]);
}
