/** What a runtime of Lambda runs; `provided` runs whatever program the function or a layer brings. */
type RuntimeFamily = 'nodejs' | 'python' | 'ruby' | 'java' | 'dotnet' | 'provided';

/** A runtime's name, taken apart: `python3.13` is Python, version 3.13. */
export interface LambdaRuntime {
  readonly family: RuntimeFamily;
  readonly version: string;
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const NAMES: Readonly<Record<RuntimeFamily, RegExp>> = {
  nodejs: /^nodejs(\d+)\.x$/,
  python: /^python(\d+\.\d+)$/,
  ruby: /^ruby(\d+\.\d+)$/,
  java: /^java(\d+(?:\.al\d+)?)$/,
  dotnet: /^dotnet(\d+)$/,
  provided: /^provided\.(al\d+)$/,
};

const FAMILIES = Object.keys(NAMES) as RuntimeFamily[];

/** For messages. */
export const RUNTIME_FAMILIES_TEXT = FAMILIES.join(', ');

/** `undefined` for what is no runtime that speaks the Runtime API, such as `go1.x`. */
export function parseRuntime(name: string): LambdaRuntime | undefined {
  for (const family of FAMILIES) {
    const version = NAMES[family].exec(name)?.[1];
    if (version !== undefined) {
      return { family, version };
    }
  }
  return undefined;
}

/**
 * AWS's public base image of a runtime.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-images-lp, and the page of each
 * language's tags, such as https://docs.aws.amazon.com/lambda/latest/dg/java-image.html#java-image-base
 */
export function awsBaseImage({ family, version }: LambdaRuntime): string {
  return `public.ecr.aws/lambda/${family}:${version}`;
}
