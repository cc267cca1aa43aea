import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { type AppOptions, buildApp } from '../../stacks/app';
import type { Deployment } from '../../stacks/deployment';
import { decodeJson } from './terraform-expression';

type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** cdk.tf.json, without CDKTF's metadata. */
interface StackDocument {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly locals?: Block;
  readonly output?: Readonly<Record<string, Block>>;
  readonly variable?: Readonly<Record<string, Block>>;
  readonly terraform?: Block;
  readonly provider?: Block;
}

/** A synthesised stack, as tests look at it. */
export interface StackView {
  readonly document: StackDocument;
  /** How many resources there are of each type. */
  readonly resourceCounts: Readonly<Record<string, number>>;
  /** Addresses of all resources, sorted. */
  readonly addresses: readonly string[];
  /** The one resource of a type. */
  readonly only: (type: string) => Block;
  /** All resources of a type, by their ids. */
  readonly all: (type: string) => Readonly<Record<string, Block>>;
  /** The resource or data source at an address. */
  readonly at: (address: string) => Block;
  /** An attribute that Fn.jsonencode wrote, as the value that it was given. */
  readonly json: (address: string, attribute: string) => unknown;
  readonly outputs: Readonly<Record<string, Block>>;
  /** The outputs that are for people, without those that CDKTF makes for other stacks. */
  readonly publicOutputs: Readonly<Record<string, unknown>>;
}

function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutMetadata);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([key]) => key !== '//');
    return Object.fromEntries(entries.map(([key, inner]) => [key, withoutMetadata(inner)]));
  }
  return value;
}

/** Through JSON, as it is written: what is undefined is not there. */
function documentOf(stack: TerraformStack): StackDocument {
  return withoutMetadata(JSON.parse(JSON.stringify(stack.toTerraform()))) as StackDocument;
}

function viewOf(document: StackDocument): StackView {
  const resources = document.resource ?? {};
  const all = (type: string) => resources[type] ?? {};
  const at = (address: string) => {
    const parts = address.split('.');
    const [type = '', id = ''] = parts[0] === 'data' ? parts.slice(1) : parts;
    const block = (parts[0] === 'data' ? document.data : document.resource)?.[type]?.[id];
    if (block === undefined) {
      throw new Error(`No ${address} in ${Object.keys(resources).join(', ')}`);
    }
    return block;
  };
  const outputs = document.output ?? {};
  return {
    document,
    outputs,
    all,
    at,
    resourceCounts: Object.fromEntries(Object.entries(resources).map(([type, ids]) => [type, Object.keys(ids).length])),
    addresses: Object.entries(resources)
      .flatMap(([type, ids]) => Object.keys(ids).map((id) => `${type}.${id}`))
      .sort(),
    only: (type) => {
      const [first, ...others] = Object.values(all(type));
      if (first === undefined || others.length > 0) {
        throw new Error(`Expected one ${type}, found ${Object.keys(all(type)).length}`);
      }
      return first;
    },
    json: (address, attribute) => decodeJson(String(at(address)[attribute])),
    publicOutputs: Object.fromEntries(
      Object.entries(outputs)
        .filter(([name]) => !name.startsWith('cross-stack-output-'))
        .map(([name, output]) => [name, output['value']]),
    ),
  };
}

/** CDKTF's App makes its folder when it is built; nothing is written to it here. */
function inTemporaryFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-synth-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stack that holds what `build` puts into it, and nothing else. */
export function viewModule(build: (stack: TerraformStack) => void): StackView {
  return inTemporaryFolder((outdir) => {
    const stack = new TerraformStack(new App({ outdir, stackTraces: false }), 'module');
    build(stack);
    // What prepareStack does beside it, and takes half of the time for, is to look for values of other stacks.
    stack.ensureBackendExists();
    return viewOf(documentOf(stack));
  });
}

/** Every stack of a deployment, by its name. */
export function viewDeployment(deployment: Deployment): Readonly<Record<string, StackView>> {
  return viewBuilt((options) => buildApp(deployment, options));
}

/** Every stack of the app that `build` makes, by its name. Each is resolved when it is looked at: most tests look at one. */
export function viewBuilt(build: (options: AppOptions) => App): Readonly<Record<string, StackView>> {
  return inTemporaryFolder((outdir) => {
    const stacks = build({ outdir }).node.children.filter(TerraformStack.isStack);
    for (const stack of stacks) {
      stack.prepareStack();
    }
    const views: Record<string, StackView> = {};
    for (const stack of stacks) {
      let view: StackView | undefined;
      const get = () => {
        view ??= viewOf(documentOf(stack));
        return view;
      };
      Object.defineProperty(views, stack.node.id, { enumerable: true, get });
    }
    return views;
  });
}
