import { rolePart } from '../../local/recorded-calls';
import { EXAMPLE_ACCOUNT } from '../../local/role-calls';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import type { ModuleFiles } from '../../stacks/module-files';
import type { Statement } from '../../stacks/parts/policy-document';
import { readModule } from './generated-module';
import { evaluate } from './terraform-evaluation';

/** A role of a generated module, with all that it may do in the example account. */
export interface ModuleRole {
  /** The module and the role's id in it, as in `starter.role`. */
  readonly name: string;
  /** By which its calls are known. */
  readonly part: string;
  readonly statements: readonly Statement[];
}

/** What the example account has for variables and locals: by module and reference. What is not here is worked out. */
export type ExampleValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

const REGION = 'us-east-1';

const DATA: Readonly<Record<string, string>> = {
  'data.aws_caller_identity.account.account_id': EXAMPLE_ACCOUNT,
  'data.aws_partition.partition.partition': 'aws',
  'data.aws_region.region.id': REGION,
  'path.module': '.',
};

/** ARNs of resources by what they are called. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  aws_cloudwatch_log_group: (name) => regional('logs', `log-group:${name}`),
  aws_dynamodb_table: (name) => regional('dynamodb', `table/${name}`),
  aws_ecs_cluster: (name) => regional('ecs', `cluster/${name}`),
  aws_iam_policy: (name) => `arn:aws:iam::${EXAMPLE_ACCOUNT}:policy/${name}`,
  aws_iam_role: (name) => `arn:aws:iam::${EXAMPLE_ACCOUNT}:role/${name}`,
  aws_lambda_function: (name) => regional('lambda', `function:${name}`),
  aws_s3_bucket: (name) => `arn:aws:s3:::${name}`,
  aws_s3_object: (name) => `arn:aws:s3:::${name}`,
  aws_sfn_activity: (name) => regional('states', `activity:${name}`),
  aws_sqs_queue: (name) => regional('sqs', name),
};

function regional(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${EXAMPLE_ACCOUNT}:${resource}`;
}

/** Every role of every module, in the order of the catalogue. */
export function moduleRoles(files: ModuleFiles, values: ExampleValues): readonly ModuleRole[] {
  const account = new ExampleAccount(files, values);
  return MODULE_DEFINITIONS.flatMap(({ name }) => account.rolesOf(name));
}

class ExampleAccount {
  readonly #files: ModuleFiles;
  readonly #values: ExampleValues;

  constructor(files: ModuleFiles, values: ExampleValues) {
    this.#files = files;
    this.#values = values;
  }

  rolesOf(module: string): readonly ModuleRole[] {
    const resources = this.#resources(module);
    return Object.entries(resources['aws_iam_role'] ?? {}).map(([id, { name_prefix: prefix }]) => ({
      name: `${module}.${id}`,
      part: rolePart(String(prefix)),
      statements: this.#policiesOf(module, id).flatMap((policy) => this.#statements(module, policy)),
    }));
  }

  /** The policies inside a role, and those of the module that are attached to it. */
  #policiesOf(module: string, role: string): readonly unknown[] {
    const {
      aws_iam_role_policy: inline,
      aws_iam_role_policy_attachment: attached,
      ...others
    } = this.#resources(module);
    const owned = ({ role: owner }: Block) => new RegExp(`\\baws_iam_role\\.${role}\\b`).test(String(owner));
    const managed = Object.values(attached ?? {}).filter(owned);
    return [
      ...Object.values(inline ?? {}).filter(owned),
      ...Object.entries(others['aws_iam_policy'] ?? {}).flatMap(([id, policy]) =>
        managed.some(({ policy_arn: arn }) => String(arn).includes(`aws_iam_policy.${id}`)) ? [policy] : [],
      ),
    ].map(({ policy }) => policy);
  }

  #statements(module: string, policy: unknown): readonly Statement[] {
    return (this.#value(module, policy) as { readonly Statement: readonly Statement[] }).Statement;
  }

  #resources(module: string): Blocks {
    return (readModule(this.#files, module).document.resource ?? {}) as Blocks;
  }

  #value(module: string, attribute: unknown): unknown {
    return evaluate(attribute, (reference) => this.#resolve(module, reference));
  }

  #resolve(module: string, reference: string): unknown {
    const given = this.#values[module]?.[reference] ?? this.#values['*']?.[reference] ?? DATA[reference];
    if (given !== undefined) {
      return given;
    }
    const [head = '', name = '', attribute = ''] = reference.split('.');
    switch (head) {
      case 'var':
        return this.#variable(module, name);
      case 'local':
        return this.#value(module, readModule(this.#files, module).document.locals?.[name]);
      default:
        return this.#attribute(module, head, name, attribute);
    }
  }

  /** What the module beside it has as an output of that name, or the variable's own default. */
  #variable(module: string, name: string): unknown {
    for (const { name: other } of MODULE_DEFINITIONS) {
      const { output } = readModule(this.#files, other).document;
      const value = output[name] ?? output[name.replace(`${other}_`, '')];
      if (other !== module && value !== undefined && !String(value.value).includes('module.')) {
        return this.#value(other, value.value);
      }
    }
    const variable = readModule(this.#files, module).document.variable[name];
    if (variable?.default === undefined) {
      throw new Error(`The module ${module} has no value for var.${name} here: add one to the example values.`);
    }
    return variable.default;
  }

  #attribute(module: string, type: string, id: string, attribute: string): unknown {
    const block = this.#resources(module)[type]?.[id];
    if (block === undefined) {
      throw new Error(`The module ${module} has no ${type}.${id}.`);
    }
    if (attribute === 'key') {
      return this.#value(module, block['key']);
    }
    const name = this.#nameOf(module, type, block);
    const arn = ARNS[type]?.(name);
    const known: Readonly<Record<string, unknown>> = { name, bucket: name, arn, id: arn };
    if (known[attribute] === undefined) {
      throw new Error(`${type}.${attribute} is not known here: add it to the example account.`);
    }
    return known[attribute];
  }

  #nameOf(module: string, type: string, block: Block): string {
    const part = (attribute: string) => String(this.#value(module, block[attribute]));
    if (type === 'aws_s3_object') {
      return `${part('bucket')}/${part('key')}`;
    }
    const prefix = ['name_prefix', 'bucket_prefix'].find((each) => block[each] !== undefined);
    return prefix === undefined
      ? part(block['function_name'] === undefined ? 'name' : 'function_name')
      : `${part(prefix)}UNIQUE`;
  }
}
