import { download, linkSource } from '../../../../handlers/runner/package/download';
import { GrowingFile } from '../../../../handlers/runner/package/growing-file';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
  aws.layers.set('content', { package: Buffer.alloc(1_000, 'x') });
});

afterAll(() => aws.close());

test('a disk that is full is no broken connection, and not worth another attempt', async () => {
  // The device that has no room for anything.
  const file = await GrowingFile.create('/dev/full', 1_000, 1_000);
  const downloaded = download(linkSource(`${aws.url}/code/content`, file), file, new AbortController().signal);

  await expect(downloaded).rejects.toMatchObject({
    kind: 'storage-full',
    message: expect.stringContaining('no space left on device'),
  });
  await file.close();
});

test.each([
  { status: 404, kind: 'permanent' },
  { status: 403, kind: 'transient' },
])('HTTP $status is $kind', async ({ status, kind }) => {
  aws.layers.set('fails', { package: Buffer.alloc(1_000), downloadFaults: status === 403 ? ['expired'] : [] });
  const file = await GrowingFile.create('/dev/null', 1_000, 1_000);
  const address = status === 403 ? `${aws.url}/code/fails` : `${aws.url}/bucket/no-such-key`;

  await expect(download(linkSource(address, file), file, new AbortController().signal)).rejects.toMatchObject({
    kind,
    message: `The server answered HTTP ${status}`,
  });
  await file.close();
});
