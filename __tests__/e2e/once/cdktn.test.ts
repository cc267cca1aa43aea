import path from 'node:path';
import { deployment } from '../../../deployment';
import type { Deployment } from '../../../stacks/deployment';
import { MODULE_DEFINITIONS } from '../../../stacks/module-catalogue';
import { generateModules } from '../../../stacks/module-writer';
import { makeTwin, provideCdktn, type Twin } from '../../support/cdktn/twin';
import { readModule } from '../../support/generated-module';
import { unknownAttributes } from '../../support/provider-attributes';
import { viewDeployment } from '../../support/stack-view';

// HashiCorp archived CDKTF in December 2025. CDK Terrain carries it on, under other names of the packages.
jest.setTimeout(600_000);

const provided = provideCdktn();
const title = `the same sources with CDK Terrain${'missing' in provided ? `: ${provided.missing}` : ''}`;

/** Its state has a place that is the same for both. */
const DEPLOYMENT: Deployment = {
  ...deployment,
  backend: { kind: 'local', directory: '/state' },
  modules: { ...deployment.modules, cluster: { ec2Capacity: { instanceType: 'm7i.large' } }, scheduler: {} },
};

const SCRIPT = `
import { TerraformStack } from 'cdktn';
import { buildApp } from './stacks/app';
import { generateModules } from './stacks/module-writer';
const modules = Object.entries(generateModules()).map(([file, bytes]) => [file, new TextDecoder().decode(bytes)]);
const app = buildApp(${JSON.stringify(DEPLOYMENT)}, { outdir: 'synthesised' });
const stacks = app.node.children.filter(TerraformStack.isStack);
// A stack gets outputs from the ones that refer to it.
stacks.forEach((stack) => stack.prepareStack());
const documents = stacks.map((stack) => [stack.node.id, stack.toTerraform()]);
process.stdout.write(JSON.stringify({ modules: Object.fromEntries(modules), stacks: Object.fromEntries(documents) }));
`;

interface Synthesised {
  readonly modules: Readonly<Record<string, string>>;
  readonly stacks: Readonly<Record<string, unknown>>;
}

/** Who wrote a stack, and with which version, is in its metadata. */
function withoutMetadata(document: unknown): string {
  return JSON.stringify(document, (key, value) => (key === '//' ? undefined : value));
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

  test.each(MODULE_DEFINITIONS.map(({ name }) => name))('%s sets nothing that provider 6.66 does not know', (name) => {
    const module = readModule(generated, name);

    expect(unknownAttributes(module, path.join(twin.folder, '../node_modules/@cdktn/provider-aws/lib'))).toEqual([]);
  });

  test('write the same modules and the same stacks, byte by byte', () => {
    const there = JSON.parse(twin.run(SCRIPT)) as Synthesised;
    const here = Object.entries(generated).filter(([file]) => isText(file));

    expect(Object.entries(there.modules).filter(([file]) => isText(file))).toEqual(
      here.map(([file, bytes]) => [file, new TextDecoder().decode(bytes)]),
    );
    expect(here.length).toBeGreaterThan(15);
    const views = Object.entries(viewDeployment(DEPLOYMENT));
    expect(Object.entries(there.stacks).map(([stack, document]) => [stack, withoutMetadata(document)])).toEqual(
      views.map(([stack, { document }]) => [stack, withoutMetadata(document)]),
    );
    expect(views.map(([stack]) => stack)).toEqual(['cluster', 'runner', 'starter', 'scheduler']);
  });
});
