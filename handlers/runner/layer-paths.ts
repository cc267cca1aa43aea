import path from 'node:path';
import type { LambdaRuntime } from '../shared/lambda-runtime';
import type { Environment } from '../shared/settings';

export interface PathInput {
  /** The task's own variables, to whose paths ours are added. */
  readonly task: Environment;
  readonly runtime: LambdaRuntime;
  readonly taskRoot: string;
  readonly layersRoot: string;
  readonly runtimeFolder: string;
  /** Whether AWS's own bootstrap runs the function. */
  readonly isAwsBootstrap: boolean;
}

/**
 * The variables through which a function finds its layers.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html#packaging-layers-paths and
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function layerPaths(input: PathInput): Readonly<Record<string, string>> {
  const { task, taskRoot, layersRoot } = input;
  const join = path.posix.join;
  return {
    PATH: extended(task['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', [join(layersRoot, 'bin')]),
    LD_LIBRARY_PATH: extended(task['LD_LIBRARY_PATH'], [taskRoot, join(taskRoot, 'lib'), join(layersRoot, 'lib')]),
    ...languagePaths(input),
  };
}

/** AWS's images have these entries already, in Lambda's order. */
function extended(value: string | undefined, entries: readonly string[]): string {
  const there = (value ?? '').split(':').filter((entry) => entry !== '');
  return [...there, ...entries.filter((entry) => !there.includes(entry))].join(':');
}

/**
 * AWS's bootstraps set the variables of their language themselves, as in Lambda, and take one that is set for the
 * user's wish: Python's then leaves out the layers. So these are for other bootstraps. NODE_PATH has the value that
 * AWS's bootstrap would give it.
 */
function languagePaths({
  runtime,
  taskRoot,
  layersRoot,
  runtimeFolder,
  isAwsBootstrap,
}: PathInput): Readonly<Record<string, string>> {
  const { family, version } = runtime;
  const inLayers = (...parts: readonly string[]) => path.posix.join(layersRoot, ...parts);
  const join = (...entries: readonly string[]) => entries.join(':');
  if (family === 'nodejs') {
    return {
      NODE_PATH: join(
        inLayers('nodejs', `node${version}`, 'node_modules'),
        inLayers('nodejs/node_modules'),
        path.posix.join(runtimeFolder, 'node_modules'),
      ),
    };
  }
  if (isAwsBootstrap) {
    return {};
  }
  switch (family) {
    case 'python':
      return { PYTHONPATH: join(inLayers(`python/lib/python${version}/site-packages`), inLayers('python')) };
    case 'ruby': {
      // Gems lie under the version of Ruby's interface, which has no patch: 3.4 is 3.4.0.
      const gems = path.posix.join(taskRoot, 'vendor/bundle/ruby', `${version}.0`);
      return { GEM_PATH: join(gems, inLayers(`ruby/gems/${version}.0`)), RUBYLIB: inLayers('ruby/lib') };
    }
    case 'java':
      return { CLASSPATH: join(taskRoot, path.posix.join(taskRoot, 'lib/*'), inLayers('java/lib/*')) };
    default:
      return {};
  }
}
