import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';

interface PolicyDocument {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

/** The document without the statements that allow `action`. @throws {Error} if none does: then the test shows nothing */
function withoutAction(encoded: string | undefined, action: string): { whole: string; reduced: string } {
  const whole = decodeURIComponent(encoded ?? '');
  const document = JSON.parse(whole) as PolicyDocument;
  const kept = document.Statement.filter(({ Action }) => ![Action].flat().includes(action));
  if (kept.length === document.Statement.length) {
    throw new Error(`No statement allows ${action}: ${whole}`);
  }
  return { whole, reduced: JSON.stringify({ ...document, Statement: kept }) };
}

/** Takes an action out of a role's one inline policy for as long as `work` takes. */
export async function withoutInlinePermission<Result>(
  iam: IAMClient,
  roleName: string,
  action: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { PolicyNames: [policyName] = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: roleName }));
  const names = { RoleName: roleName, PolicyName: policyName };
  const { PolicyDocument: encoded } = await iam.send(new GetRolePolicyCommand(names));
  const { whole, reduced } = withoutAction(encoded, action);
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: reduced }));
  try {
    return await work();
  } finally {
    await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: whole }));
  }
}

/** Takes an action out of a managed policy for as long as `work` takes. */
export async function withoutManagedPermission<Result>(
  iam: IAMClient,
  policyArn: string,
  action: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { Policy: policy } = await iam.send(new GetPolicyCommand({ PolicyArn: policyArn }));
  const original = { PolicyArn: policyArn, VersionId: policy?.DefaultVersionId };
  const { PolicyVersion: version } = await iam.send(new GetPolicyVersionCommand(original));
  const { whole, reduced } = withoutAction(version?.Document, action);
  const replace = async (PolicyDocument: string, previous: string | undefined) => {
    const created = await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument, SetAsDefault: true }),
    );
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: policyArn, VersionId: previous }));
    return created.PolicyVersion?.VersionId;
  };
  const reducedVersion = await replace(reduced, original.VersionId);
  try {
    return await work();
  } finally {
    await replace(whole, reducedVersion);
  }
}
