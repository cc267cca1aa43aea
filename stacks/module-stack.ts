import { TerraformStack } from 'cdktf';
import { AWS_PROVIDER, TERRAFORM_VERSION } from './parts/versions';

/**
 * A stack that becomes a Terraform module: without provider, backend and CDKTF's metadata, all of which name the machine
 * or the account of whoever writes it.
 */
export class ModuleStack extends TerraformStack {
  override toTerraform(): Readonly<Record<string, unknown>> {
    const { terraform: _backend, provider: _provider, ...content } = super.toTerraform();
    const terraform = { required_version: TERRAFORM_VERSION, required_providers: { aws: AWS_PROVIDER } };
    return { ...(withoutMetadata(content) as Record<string, unknown>), terraform };
  }
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
