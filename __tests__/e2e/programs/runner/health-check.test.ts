import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { listensText } from '../../../../stacks/parts/health-check';

/** How ECS checks: with the container's shell, and nothing else of its programs. */
const check = (port: number) =>
  spawnSync('/bin/sh', ['-c', listensText(port)], { env: { PATH: '/nowhere' }, encoding: 'utf8' });

test('a container is healthy while its port listens, and not when connections to it are all that is left', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [client, [accepted]] = await Promise.all([connect(port, '127.0.0.1'), once(server, 'connection')]);

  expect(check(port)).toMatchObject({ status: 0, stdout: '', stderr: '' });

  const closed = once(server, 'close');
  server.close();

  expect(check(port)).toMatchObject({ status: 1, stdout: '', stderr: '' });
  client.destroy();
  accepted.destroy();
  await closed;
});

test('a port with few digits is written as the kernel writes it', () => {
  expect([listensText(80), listensText(9001)]).toEqual([
    expect.stringContaining('0100007F:0050/0A'),
    expect.stringContaining('0100007F:2329/0A'),
  ]);
});
