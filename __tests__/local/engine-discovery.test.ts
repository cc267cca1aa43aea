import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emulatorAddress, findEngine, freePort, gatewayOf, unixSocketPath } from '../../local/engine-discovery';

describe('the container engine', () => {
  test.each([
    ['unix:///var/run/docker.sock', '/var/run/docker.sock'],
    ['tcp://10.0.0.1:2375', undefined],
    ['ssh://host', undefined],
  ])('%s is the socket %s', (dockerHost, expected) => {
    expect(unixSocketPath(dockerHost)).toBe(expected);
  });

  test.each([
    ['a gateway', { IPAM: { Config: [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.9' }] } }, '172.17.0.9'],
    ['a subnet alone', { IPAM: { Config: [{ Subnet: '172.17.0.0/16' }] } }, '172.17.0.1'],
    ['a subnet of IPv6', { IPAM: { Config: [{ Subnet: 'fd00::/64' }] } }, undefined],
    ['both families', { IPAM: { Config: [{ Subnet: 'fd00::/64' }, { Subnet: '10.8.0.0/24' }] } }, '10.8.0.1'],
    ['none', { IPAM: { Config: null } }, undefined],
    ['no address management', {}, undefined],
  ])('a bridge with %s', (_, network, expected) => {
    expect(gatewayOf(network)).toBe(expected);
  });

  test('is found where it answers, with the address of its bridge', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'overtime-discovery-'));
    const socketPath = path.join(directory, 'engine.sock');
    const server = createServer((request, response) => {
      response.end(request.url === '/_ping' ? 'OK' : '{"IPAM":{"Config":[{"Gateway":"127.0.0.1"}]}}');
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));

    const found = await findEngine(undefined, { DOCKER_HOST: `unix://${socketPath}` });
    server.close();
    rmSync(directory, { recursive: true });

    expect(found).toEqual({ dockerHost: `unix://${socketPath}`, gateway: '127.0.0.1' });
  });

  test('is not found where nothing answers', async () => {
    expect(await findEngine('unix:///nowhere/engine.sock', {})).toBeUndefined();
  });
});

describe('the address of the emulator', () => {
  test.each([
    ['loopback for processes', undefined, { bindHost: '127.0.0.1', containerHost: '127.0.0.1' }],
    [
      'the bridge for containers',
      { dockerHost: 'x', gateway: '127.0.0.2' },
      { bindHost: '127.0.0.2', containerHost: '127.0.0.2' },
    ],
    [
      'loopback where the bridge is in a virtual machine',
      { dockerHost: 'x', gateway: '192.0.2.254' },
      { bindHost: '127.0.0.1', containerHost: 'host.docker.internal' },
    ],
    [
      'loopback where the engine names no bridge',
      { dockerHost: 'x', gateway: undefined },
      { bindHost: '127.0.0.1', containerHost: 'host.docker.internal' },
    ],
  ])('is %s', async (_, engine, expected) => {
    expect(await emulatorAddress(engine)).toEqual(expected);
  });

  test('has no port where the address belongs to another machine', async () => {
    expect(await freePort('192.0.2.254')).toBeUndefined();
  });
});
