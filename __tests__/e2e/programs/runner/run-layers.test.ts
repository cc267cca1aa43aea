import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { textPackage } from '../../../support/function-package';
import { runToEnd, startRunner } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

const layer = (files: Readonly<Record<string, string>>) => ({ package: textPackage(files) });

/** Filler that takes longer to download and unpack than the layers after it. */
const SLOW = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`filler/${index}.txt`, 'x'.repeat(20_000)]));

test.concurrent('a function requires a module of a layer, and of two layers with the same file the later wins', async () => {
  const end = await runToEnd(aws, {
    functionName: 'uses-layers',
    layers: [
      layer({
        ...SLOW,
        'nodejs/node_modules/layered/index.js': "module.exports = 'the first';",
        'etc/text': 'of the first',
      }),
      layer({ 'nodejs/node_modules/layered/index.js': "module.exports = 'the second';" }),
      layer({ 'nodejs/node22/node_modules/layered/index.js': "module.exports = 'for another Node.js';" }),
    ],
    fake: { configuration: { Runtime: 'nodejs20.x' } },
    envelope: { input: { inline: { file: '../opt/etc/text' } } },
  });

  expect(end.row).toMatchObject({
    status: 'SUCCEEDED',
    output: { inline: { layered: 'the second', text: 'of the first', path: expect.stringMatching(/\/opt\/bin$/) } },
  });
  expect(end.events.filter((event) => event === 'package.unpacked')).toHaveLength(4);
});

test.concurrent('a layer whose link has expired is fetched by a new one, and the function’s package is not fetched again', async () => {
  const end = await runToEnd(aws, {
    functionName: 'returns-undefined',
    layers: [{ ...layer({ 'lib/x': 'x' }), downloadFaults: ['expired', 'cut-short'] }],
  });

  const asked = (request: string) => aws.requests.filter((each) => each === request).length;
  expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
  expect(asked(`GetLayerVersionByArn ${end.layerArns[0]}`)).toBe(3);
  expect([asked(`GetFunction ${end.functionArn}`), asked(`Download ${end.functionArn}`)]).toEqual([1, 1]);
});

const WRONG = Array.from({ length: 4 }, () => 'wrong-bytes' as const);
const GOOD = layer({ 'lib/x': 'x' });

test.concurrent.each([
  {
    title: 'has other bytes than Lambda’s hash says',
    bad: { ...GOOD, downloadFaults: WRONG },
    errorType: 'PACKAGE_CORRUPT',
    message: /^The layer LAYER could not be downloaded: The package has \d+ bytes and SHA-256 .*; Lambda says /,
  },
  {
    title: 'may not be read',
    bad: { ...GOOD, lookupFaults: ['AccessDeniedException' as const] },
    errorType: 'LAYER_ACCESS_DENIED',
    message:
      /^The task role may not call lambda:GetLayerVersion on LAYER: add the layer to layerArns of the runner module, or/,
  },
  {
    title: 'is not there any more',
    bad: undefined,
    errorType: 'LAYER_NOT_FOUND',
    message: /^There is no layer LAYER any more: /,
  },
  {
    title: 'writes outside the layers’ root',
    bad: layer({ '../escaped.js': '' }),
    errorType: 'PACKAGE_UNSAFE',
    message: /^The layer LAYER holds "\.\.\/escaped\.js", and it lies outside the zip\.$/,
  },
])('a function whose layer $title is FAILED, and the message names the layer', async ({ bad, errorType, message }) => {
  const end = await runToEnd(aws, { functionName: 'returns-undefined', layers: [GOOD, bad] });

  const error = end.row?.['error'] as { errorType: string; errorMessage: string };
  expect([end.code, end.row?.['status'], error.errorType]).toEqual([66, 'FAILED', errorType]);
  expect(error.errorMessage.replace(end.layerArns[1] ?? '', 'LAYER')).toMatch(message);
  expect(end.row).not.toHaveProperty('invokedAt');
});

test.concurrent('a function whose layers are changed while it is fetched is not put together of both', async () => {
  const runner = await startRunner(aws, { functionName: 'returns-undefined', fake: { downloadFaults: ['expired'] } });
  const known = aws.functions.get(runner.functionArn);
  if (known === undefined) {
    throw new Error('The runner was started without a function.');
  }
  let lookUps = 0;
  const configuration = {
    get Layers() {
      lookUps += 1;
      return lookUps === 1 ? [] : [{ Arn: 'arn:aws:lambda:eu-west-1:123456789012:layer:new:1' }];
    },
  };
  aws.functions.set(runner.functionArn, { ...known, configuration });

  const end = await runner.finished;

  expect([end.code, end.row?.['error']]).toEqual([
    66,
    {
      errorType: 'PACKAGE_DOWNLOAD_FAILED',
      errorMessage: `The layers of ${end.functionArn} were changed while it was being fetched: run it again.`,
    },
  ]);
});
