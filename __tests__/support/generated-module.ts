import type { ModuleFiles } from '../../stacks/module-files';

interface Variable {
  readonly type: string;
  readonly description: string;
  readonly nullable: boolean;
  readonly default?: unknown;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** main.tf.json of a generated module. */
interface ModuleDocument {
  readonly terraform: unknown;
  readonly variable: Readonly<Record<string, Variable>>;
  readonly output: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly data?: Blocks;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly resource?: Blocks;
  readonly module?: Blocks;
}

export interface GeneratedModule {
  readonly document: ModuleDocument;
  /** All its texts, the README too. */
  readonly text: string;
  /** Of its data sources, modules and resources, in this order. */
  readonly addresses: readonly string[];
}

export function readModule(files: ModuleFiles, name: string): GeneratedModule {
  const [main, readme] = ['main.tf.json', 'README.md'].map((file) =>
    new TextDecoder().decode(files[`${name}/${file}`]),
  );
  const document = JSON.parse(main ?? '') as ModuleDocument;
  const { data = {}, module = {}, resource = {} } = document;
  return {
    document,
    text: `${main}${readme}`,
    addresses: [
      ...addressesOf(data).map((address) => `data.${address}`),
      ...Object.keys(module).map((each) => `module.${each}`),
      ...addressesOf(resource),
    ],
  };
}

function addressesOf(blocks: Blocks): readonly string[] {
  return Object.entries(blocks).flatMap(([type, ids]) => Object.keys(ids).map((id) => `${type}.${id}`));
}
