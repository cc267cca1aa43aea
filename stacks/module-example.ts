import type { ModuleDefinition } from './module-definition';

const DEFAULT_VPC = `data "aws_vpc" "default" {
  default = true
}
`;

const DEFAULT_SUBNETS = `data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}
`;

/** A Terraform configuration that calls the modules with what they require, in the account's default VPC. */
export function moduleExample(definitions: readonly ModuleDefinition[]): string {
  const calls = definitions.map(call).join('\n');
  return [DEFAULT_VPC, ...(calls.includes('data.aws_subnets.default') ? [DEFAULT_SUBNETS] : []), calls].join('\n');
}

function call({ name, inputs }: ModuleDefinition): string {
  const settings = Object.entries(inputs).flatMap(([input, { example }]) =>
    example === undefined ? [] : [[input, example] as const],
  );
  return `module "${name}" {\n  source = "./modules/${name}"\n\n${aligned(settings)}}\n`;
}

/** As `terraform fmt` has it. */
function aligned(settings: readonly (readonly [string, string])[]): string {
  const width = Math.max(...settings.map(([name]) => name.length));
  return settings.map(([name, value]) => `  ${name.padEnd(width)} = ${value}\n`).join('');
}
