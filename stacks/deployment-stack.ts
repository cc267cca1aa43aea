import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { type IStackSynthesizer, LocalBackend, S3Backend, type TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Backend, Deployment } from './deployment';
import { KEPT } from './parts/kept-bytes';
import { packagedFiles } from './parts/packaged-function';
import { AWS_PROVIDER, TERRAFORM_VERSION } from './parts/versions';

/** By backend: 1.10 is the first that locks a state in S3 without a DynamoDB table. */
const TERRAFORM_VERSIONS = { local: TERRAFORM_VERSION, s3: '>= 1.10' } as const;

/** A module inside the app: with a provider, a backend and the module's outputs. */
export class DeploymentStack extends TerraformStack {
  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    new AwsProvider(this, 'aws', {
      region: deployment.region,
      ...(deployment.tags === undefined ? {} : { defaultTags: [{ tags: { ...deployment.tags } }] }),
    });
    addBackend(this, deployment.name, deployment.backend);
    // CDKTF asks for the one version of the provider from which its bindings were made.
    this.addOverride('terraform.required_providers.aws', AWS_PROVIDER);
    this.addOverride('terraform.required_version', TERRAFORM_VERSIONS[deployment.backend.kind]);
    this.synthesizer = withPackages(this, this.synthesizer);
  }

  /** CDKTF writes an output for each value that a later stack takes. */
  override registerOutgoingCrossStackReference(identifier: string): TerraformOutput {
    const output = super.registerOutgoingCrossStackReference(identifier);
    output.description = 'For the stacks that follow.';
    return output;
  }
}

function addBackend(stack: TerraformStack, name: string, backend: Backend): void {
  if (backend.kind === 'local') {
    const file = `${name}.${stack.node.id}.tfstate`;
    new LocalBackend(stack, { path: path.resolve(backend.directory ?? '.', file) });
    return;
  }
  const { kind, keyPrefix, ...settings } = backend;
  new S3Backend(stack, {
    ...settings,
    key: `${keyPrefix ?? name}/${stack.node.id}.tfstate`,
    encrypt: true,
  });
  // Newer than CDKTF's own properties. https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
}

/** Writes the packages of the stack's programs beside its cdk.tf.json. */
function withPackages(stack: TerraformStack, synthesizer: IStackSynthesizer): IStackSynthesizer {
  return {
    synthesize: (session) => {
      synthesizer.synthesize(session);
      const folder = path.join(session.outdir, session.manifest.forStack(stack).workingDirectory);
      for (const { fileName, recipe } of packagedFiles(stack)) {
        writeFileSync(path.join(folder, fileName), KEPT(recipe));
      }
    },
  };
}
