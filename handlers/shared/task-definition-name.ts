/** What a caller may call a task definition, taken apart. Parts that the text left out are left out here. */
export interface TaskDefinitionName {
  readonly partition?: string;
  readonly region?: string;
  readonly account?: string;
  readonly family: string;
  /** None means the newest that is ACTIVE. */
  readonly revision?: string;
}

// AWS's account ids have 12 digits. The documented example of task-starter, which must work as it is, has 11.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
const NAME =
  /^(?:arn:(?<partition>aws(?:-[a-z]+)*):ecs:(?<region>[a-z0-9-]+):(?<account>\d{11,12}):task-definition\/)?(?<family>[a-zA-Z0-9_-]{1,255})(?::(?<revision>[1-9]\d*))?$/;

/** Takes a family, family:revision or ARN apart, in any partition; `undefined` when the text is none of them. */
export function parseTaskDefinitionName(text: string): TaskDefinitionName | undefined {
  const { partition, region, account, family, revision } = NAME.exec(text)?.groups ?? {};
  return family === undefined
    ? undefined
    : {
        ...(partition === undefined ? {} : { partition }),
        ...(region === undefined ? {} : { region }),
        ...(account === undefined ? {} : { account }),
        family,
        ...(revision === undefined ? {} : { revision }),
      };
}

/** The ARN of a task definition without its revision: the same for all of a family. */
export function familyArn(taskDefinitionArn: string): string {
  return taskDefinitionArn.replace(/:\d+$/, '');
}
