import { TerraformHclModule, Token } from 'cdktf';
import type { Picture } from '../pictures/picture';
import type { ModuleStack } from './module-stack';
import { addInputs, type Inputs, type Values } from './parts/inputs';
import type { Outputs } from './parts/outputs';
import { expression } from './parts/terraform-text';

/** The outputs of the modules built so far, by the module's name. */
export type BuiltModules = Readonly<Record<string, Outputs>>;

/** A Terraform module to generate. */
export interface ModuleDefinition<Of extends Inputs = Inputs> {
  readonly name: string;
  readonly sentence: string;
  /** Of docs/pictures: the pattern that shows what the module makes, or what the modules make that it calls. */
  readonly picture: Picture;
  readonly inputs: Of;
  /** The modules that its README's example calls, each after those that it builds on. */
  readonly exampleOf: readonly string[];
  /** Paragraphs of its README: what else it takes until the module does its work. */
  readonly notes: readonly string[];
  /** Puts variables and resources into the stack, and answers the outputs. */
  readonly build: (stack: ModuleStack, built: BuiltModules) => Outputs;
}

type Settings<Of extends Inputs> = Omit<ModuleDefinition<Of>, 'build'> & {
  readonly build: (stack: ModuleStack, values: Values<Of>, built: BuiltModules) => Outputs;
};

export function defineModule<Of extends Inputs>(settings: Settings<Of>): ModuleDefinition<Of> {
  return { ...settings, build: (stack, built) => settings.build(stack, addInputs(stack, settings.inputs), built) };
}

interface ModuleCall {
  /** An output of the module that is called, as a token. */
  readonly get: (output: string) => string;
  /** Outputs of the module that is called, for the module that calls it. */
  readonly pass: (...names: readonly string[]) => Outputs;
}

/**
 * Calls a module that lies beside the one in `stack`.
 *
 * @param condition an HCL expression: the module is there where it holds, and its outputs are null where it does not
 */
export function callModule<Of extends Inputs>(
  stack: ModuleStack,
  { name }: ModuleDefinition<Of>,
  variables: { readonly [Name in keyof Of]?: unknown },
  built: BuiltModules,
  condition?: string,
): ModuleCall {
  const call = new TerraformHclModule(stack, name, {
    source: `../${name}`,
    // CDKTF would copy the folder and name it by a hash.
    skipAssetCreationFromLocalModules: true,
    variables: { ...variables },
  });
  if (condition !== undefined) {
    call.addOverride('count', expression(`${condition} ? 1 : 0`));
  }
  const get = (output: string) => {
    described(name, output, built);
    return condition === undefined
      ? call.getString(output)
      : Token.asString(expression(`one(module.${name}[*].${output})`));
  };
  return {
    get,
    pass: (...names) =>
      Object.fromEntries(names.map((each) => [each, { ...described(name, each, built), value: get(each) }])),
  };
}

function described(module: string, output: string, built: BuiltModules) {
  const found = built[module]?.[output];
  if (found === undefined) {
    throw new Error(`The module ${module} has no output ${output}, or is built after the one that calls it.`);
  }
  return found;
}
