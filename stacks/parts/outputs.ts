import { type IResolvable, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';

interface Output {
  readonly value: string | IResolvable;
  readonly description: string;
}

/** What a module tells its users, by Terraform's name of it. A stack and a generated module write the same. */
export type Outputs = Readonly<Record<string, Output>>;

/** Terraform outputs under exactly these names. */
export function writeOutputs(scope: Construct, outputs: Outputs): void {
  for (const [name, { value, description }] of Object.entries(outputs)) {
    new TerraformOutput(scope, `output-${name}`, { value, description }).overrideLogicalId(name);
  }
}
