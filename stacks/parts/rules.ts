import type { FargateSize } from './fargate-sizes';
import type { Bounds, Format } from './formats';
import { literal } from './terraform-text';

/** What the value of a variable has to be: the same as a check of stacks/parts/checks.ts, carried out by Terraform. */
export interface Rule {
  /** An HCL expression, true where the one given has a value that is allowed. */
  readonly holds: (value: string) => string;
  /** What to give. */
  readonly allowed: string;
  /**
   * Whether it also goes for a variable that has no value.
   *
   * @default false
   */
  readonly ofNull?: boolean;
}

export function ofFormat({ pattern, characters, allowed }: Format): Rule {
  const matches = (value: string) => `can(regex(${literal(pattern.source.replaceAll('\\/', '/'))}, ${value}))`;
  return {
    holds: (value) =>
      characters === undefined ? matches(value) : `${within(`length(${value})`, characters)} && ${matches(value)}`,
    allowed,
  };
}

function within(value: string, { minimum, maximum }: Bounds): string {
  return `${value} >= ${minimum} && ${value} <= ${maximum}`;
}

export function wholeNumberWithin(bounds: Bounds): Rule {
  return {
    holds: (value) => `floor(${value}) == ${value} && ${within(value, bounds)}`,
    allowed: `a whole number from ${bounds.minimum} to ${bounds.maximum}`,
  };
}

export function oneOf(values: readonly (string | number)[]): Rule {
  return {
    holds: (value) => `contains(${literal(values)}, ${value})`,
    allowed: `one of ${values.join(', ')}`,
  };
}

export function asManyAs(bounds: Bounds): Rule {
  const { minimum, maximum } = bounds;
  return minimum === 0
    ? { holds: (value) => `length(${value}) <= ${maximum}`, allowed: `a list of at most ${maximum}` }
    : { holds: (value) => within(`length(${value})`, bounds), allowed: `a list of ${minimum} to ${maximum}` };
}

/** Every item of a list, or what `part` takes of it, keeps the rule. */
export function each({ holds, allowed }: Rule, part = 'item'): Rule {
  return {
    holds: (value) => `alltrue([for item in ${value} : ${holds(part)}])`,
    allowed: `for each ${allowed}`,
  };
}

/** What may be left out keeps the rule where it is there. */
export function orNull({ holds, allowed }: Rule): Rule {
  return { holds: (value) => `(${value} == null ? true : ${holds(value)})`, allowed };
}

/** Every key of a map is of the format. */
export function eachKey(format: Format): Rule {
  const { holds, allowed } = ofFormat(format);
  return {
    holds: (value) => `alltrue([for key in keys(${value}) : ${holds('key')}])`,
    allowed: `as each key ${allowed}`,
  };
}

/** Each item of a map has a size that Fargate runs. */
export function eachOfSize(sizes: readonly FargateSize[]): Rule {
  const pairs = literal(sizes.map(({ cpu, memoryMiB }) => `${cpu}/${memoryMiB}`));
  return {
    holds: (value) => `alltrue([for item in ${value} : contains(${pairs}, "\${item.cpu}/\${item.memory_mib}")])`,
    allowed: 'as cpu and memory_mib of each a pair that Fargate has, such as 1024 and 2048',
  };
}

/** The JSON text of an object with a text under one of these keys. */
export function jsonWith(keys: readonly string[], allowed: string): Rule {
  return {
    holds: (value) => `can(regex(".", try(${keys.map((key) => `jsondecode(${value}).${key}`).join(', ')})))`,
    allowed,
  };
}

export const NOT_EMPTY: Rule = { holds: (value) => `length(${value}) > 0`, allowed: 'at least one' };

/** No two items of a map are for the same runtime and architecture. */
export const NO_DUPLICATE: Rule = {
  holds: (value) =>
    `length(distinct([for item in ${value} : "\${item.runtime}/\${item.architecture}"])) == length(${value})`,
  allowed: 'each runtime and architecture once: the starter could not choose',
};
