import { JAVA } from './java';
import { NODE, OWN_NODE } from './node';
import { GO, RUST, SHELL } from './os-only';
import { PYTHON } from './python';
import type { RuntimeClient, UnreachableClient } from './runtime-client';

/** The clients that the tests run. */
export const CLIENTS: readonly RuntimeClient[] = [NODE, OWN_NODE, PYTHON, JAVA, GO, RUST, SHELL];

/** RubyGems and NuGet alone have these, and they were out of reach where this was written. */
export const UNREACHABLE: readonly UnreachableClient[] = [
  { runtime: 'Ruby', client: 'aws_lambda_ric' },
  { runtime: '.NET', client: 'Amazon.Lambda.RuntimeSupport' },
];
