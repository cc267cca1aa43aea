import { JAVA } from './java';
import { NODE, OWN_NODE } from './node';
import { GO, RUST, SHELL } from './os-only';
import { PYTHON } from './python';
import type { RuntimeClient, UnreachableClient } from './runtime-client';

/** The clients that the tests run. */
export const CLIENTS: readonly RuntimeClient[] = [NODE, OWN_NODE, PYTHON, JAVA, GO, RUST, SHELL];

/** Of RubyGems and NuGet, which the machines of the tests do not reach. */
export const UNREACHABLE: readonly UnreachableClient[] = [
  { runtime: 'Ruby', client: 'aws_lambda_ric' },
  { runtime: '.NET', client: 'Amazon.Lambda.RuntimeSupport' },
];
