// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { Token } from 'cdktf';
import {
  deploymentName,
  fargateSize,
  functionArns,
  LOG_RETENTION_DAYS,
  lambdaRuntime,
  oneOf,
  type Problem,
  RETENTION_DAYS,
  repositoryArns,
  roleArns,
  securityGroupIds,
  subnetIds,
  vpcId,
  wholeNumber,
} from '../../../stacks/parts/checks';

const many = (count: number, item: string) => Array.from({ length: count }, () => item);

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:report';

test.each<[string, readonly Problem[]]>([
  ['the least of a range', wholeNumber('days', 1, RETENTION_DAYS)],
  ['the most of a range', wholeNumber('days', 3650, RETENTION_DAYS)],
  ['a number that is left out', wholeNumber('days', undefined, RETENTION_DAYS)],
  ['a number that Terraform knows', wholeNumber('days', Token.asNumber('${var.days}'), RETENTION_DAYS)],
  ['a text that Terraform knows', deploymentName('name', Token.asString({ resolve: () => 'X' }))],
  ['a list that Terraform knows', subnetIds('subnetIds', Token.asList('${var.subnets}'))],
  ['a size that Terraform knows', fargateSize('size', { cpu: 256, memoryMiB: Token.asNumber('${var.memory}') })],
  ['two letters for a name', deploymentName('name', 'ot')],
  ['the longest retention of a log', oneOf('days', 3653, LOG_RETENTION_DAYS)],
  ['sixteen subnets', subnetIds('subnetIds', many(16, 'subnet-0a'))],
  ['five security groups', securityGroupIds('securityGroupIds', many(5, 'sg-0a'))],
  ['twenty functions', functionArns('functionArns', many(20, FUNCTION))],
  ['a role of another partition, with a path', roleArns('roles', ['arn:aws-cn:iam::111122223333:role/team/report'])],
  ['a repository with a path', repositoryArns('repositories', ['arn:aws:ecr:eu-west-1:111122223333:repository/a/b'])],
  ['the newest runtime of Node.js', lambdaRuntime('runtime', 'nodejs24.x')],
])('takes %s', (_, problems) => {
  expect(problems).toEqual([]);
});

test.each<[string, readonly Problem[], readonly string[]]>([
  ['less than the least', wholeNumber('days', 0, RETENTION_DAYS), ['days']],
  ['more than the most', wholeNumber('days', 3651, RETENTION_DAYS), ['days']],
  ['no number', wholeNumber('days', Number.NaN, RETENTION_DAYS), ['days']],
  ['a name of one letter', deploymentName('name', 'o'), ['name']],
  ['a name that ends in a hyphen', deploymentName('name', 'overtime-'), ['name']],
  ['a name with a digit first', deploymentName('name', '1st'), ['name']],
  ['twenty-one functions', functionArns('functionArns', many(21, FUNCTION)), ['functionArns']],
  ['one wrong function of two, by its place', functionArns('functionArns', [FUNCTION, 'report']), ['functionArns[1]']],
  ['a VPC in capitals', vpcId('vpcId', 'VPC-0A'), ['vpcId']],
])('refuses %s', (_, problems, fields) => {
  expect(problems.map(({ field }) => field)).toEqual(fields);
});
