import path from 'node:path';
import { deployment } from '../../../deployment';
import { CATALOGUE } from '../../../stacks/catalogue';
import type { Deployment } from '../../../stacks/deployment';
import { MODULE_DEFINITIONS } from '../../../stacks/module-catalogue';
import { generateModules } from '../../../stacks/module-writer';
import { makeTwin, provideCdktn, type Twin } from '../../support/cdktn/twin';
import { readModule } from '../../support/generated-module';
import { unknownAttributes, unknownReferences } from '../../support/provider-attributes';
import { viewDeployment } from '../../support/stack-view';

// HashiCorp archived CDKTF in December 2025. CDK Terrain carries it on, under other names of the packages.
jest.setTimeout(600_000);

const provided = provideCdktn();
const title = `the same sources with CDK Terrain${'missing' in provided ? `: ${provided.missing}` : ''}`;

/** Every module of the catalogue; the state has a place that is the same for both frameworks. */
const EVERYTHING: Deployment = {
  ...deployment,
  backend: { kind: 'local', directory: '/state' },
  modules: {
    ...deployment.modules,
    cluster: { ec2Capacity: { instanceType: 'm7i.large' } },
    scheduler: { schedules: { nightly: { cronTime: '0 2 * * *', request: { arn: 'report' } } } },
    activities: { activities: { QueueGranules: { functionName: 'queue-granules', runtime: 'nodejs22.x' } } },
    'queue-worker': {
      orders: { functionName: 'orders', runtime: 'python3.13', fifo: true },
      scenes: { image: 'example.org/scenes:1', command: ['render'], bucket: 'new' },
    },
    'database-trigger': { engine: 'aurora-postgresql', databaseIdentifier: 'shop' },
  },
};

/** The other engine, network and backend, and images of one's own. */
const OTHERWISE: Deployment = {
  ...deployment,
  backend: { kind: 's3', bucket: 'my-terraform-state', region: 'eu-west-1' },
  network: { vpcId: 'vpc-0a', subnetIds: ['subnet-0a', 'subnet-0b'], assignPublicIp: false },
  modules: {
    cluster: {},
    runner: { runnerImages: 'repository' },
    starter: { functionUrl: true },
    scheduler: { engine: 'eventbridge', schedules: { nightly: { rate: 'rate(1 day)', request: { arn: 'report' } } } },
  },
};

const SCRIPT = `
import { TerraformStack } from 'cdktn';
import { buildApp } from './stacks/app';
import { generateModules } from './stacks/module-writer';
const modules = Object.entries(generateModules()).map(([file, bytes]) => [file, new TextDecoder().decode(bytes)]);
const deployments = ${JSON.stringify([EVERYTHING, OTHERWISE])}.map((deployment) => {
  const app = buildApp(deployment, { outdir: 'synthesised' });
  const stacks = app.node.children.filter(TerraformStack.isStack);
  // A stack gets outputs from the ones that refer to it.
  stacks.forEach((stack) => stack.prepareStack());
  return Object.fromEntries(stacks.map((stack) => [stack.node.id, stack.toTerraform()]));
});
process.stdout.write(JSON.stringify({ modules: Object.fromEntries(modules), deployments }));
`;

interface Synthesised {
  readonly modules: Readonly<Record<string, string>>;
  /** Of each deployment, its stacks. */
  readonly deployments: readonly Readonly<Record<string, unknown>>[];
}

/** Who wrote a stack, and with which version, is in its metadata. */
function texts(stacks: readonly (readonly [stack: string, document: unknown])[]): readonly string[] {
  return stacks.map((each) => JSON.stringify(each, (key, value) => (key === '//' ? undefined : value)));
}

/** The programs inside the modules are not the framework's: their bytes name where esbuild found what they import. */
function isText(file: string): boolean {
  return /\.(?:json|md)$/.test(file);
}

('missing' in provided ? describe.skip : describe)(title, () => {
  const generated = generateModules();
  let twin: Twin;

  beforeAll(() => {
    twin = makeTwin('missing' in provided ? '' : provided.modules);
  });

  afterAll(() => {
    twin.remove();
  });

  test('the compiler has nothing against the constructs and the app, with the bindings of provider 6.66', () => {
    expect(twin.compile()).toBe('');
  });

  test.each(MODULE_DEFINITIONS.map(({ name }) => name))(
    '%s sets and reads nothing that provider 6.66 does not know',
    (name) => {
      const module = readModule(generated, name);
      const bindings = path.join(twin.folder, '../node_modules/@cdktn/provider-aws/lib');

      expect(unknownAttributes(module, bindings)).toEqual([]);
      expect(unknownReferences(module, bindings)).toEqual([]);
    },
  );

  describe('write', () => {
    let there: Synthesised;

    beforeAll(() => {
      there = JSON.parse(twin.run(SCRIPT)) as Synthesised;
    });

    test('the same modules, byte by byte', () => {
      const here = Object.entries(generated).filter(([file]) => isText(file));

      expect(Object.entries(there.modules).filter(([file]) => isText(file))).toEqual(
        here.map(([file, bytes]) => [file, new TextDecoder().decode(bytes)]),
      );
      expect(here).toHaveLength(2 * MODULE_DEFINITIONS.length);
    });

    test('the same stacks, byte by byte, of every module of the catalogue', () => {
      const here = [EVERYTHING, OTHERWISE].map((each) => Object.entries(viewDeployment(each)));

      expect(there.deployments.map(Object.entries).map(texts)).toEqual(
        here.map((views) => texts(views.map(([stack, { document }]) => [stack, document]))),
      );
      expect(here.map((views) => views.map(([stack]) => stack))).toEqual([
        CATALOGUE.flatMap(({ name }) => (name === 'queue-worker' ? [`${name}-orders`, `${name}-scenes`] : [name])),
        ['cluster', 'runner', 'starter', 'scheduler'],
      ]);
    });
  });
});
