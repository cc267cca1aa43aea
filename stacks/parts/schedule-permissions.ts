import { Fn, Token } from 'cdktf';
import type { Statement } from './policy-document';
import { CHANGES_INDEX } from './schedule-tables';

// What registrar, scheduler and EventBridge Scheduler may do: beside permissions.ts, in the same way.

/** The registrar writes rows and reads them back: in its own table, and in those that CloudFormation resources name. */
export function writeSchedules(tableArns: readonly string[]): Statement {
  return {
    Sid: 'WriteSchedules',
    Effect: 'Allow',
    Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
    Resource: tableArns,
  };
}

/** The registrar notes that a schedule was changed, and reads what became of its slots. */
export function noteChanges(statesTableArn: string): Statement {
  return {
    Sid: 'NoteChanges',
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    Resource: statesTableArn,
  };
}

/**
 * What Lambda asks for to read a stream in the function's name.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
 */
export function readChanges(tableArn: string): Statement {
  return {
    Sid: 'ReadChanges',
    Effect: 'Allow',
    Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    Resource: `${tableArn}/stream/*`,
  };
}

/** The scheduler reads every row at its start, and afterwards those that were changed. */
export function readSchedules(tableArns: readonly string[]): Statement {
  return {
    Sid: 'ReadSchedules',
    Effect: 'Allow',
    Action: ['dynamodb:BatchGetItem', 'dynamodb:Scan'],
    Resource: tableArns,
  };
}

/** The scheduler claims slots and writes down what became of them. */
export function claimSlots(statesTableArn: string): Statement {
  return {
    Sid: 'ClaimSlots',
    Effect: 'Allow',
    Action: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
    Resource: statesTableArn,
  };
}

export function followChanges(statesTableArn: string): Statement {
  return {
    Sid: 'FollowChanges',
    Effect: 'Allow',
    Action: ['dynamodb:Query'],
    Resource: `${statesTableArn}/index/${CHANGES_INDEX}`,
  };
}

/** Whether the run before is still alive. */
export function readRuns(ledgerTableArn: string): Statement {
  return {
    Sid: 'ReadRuns',
    Effect: 'Allow',
    Action: ['dynamodb:GetItem'],
    Resource: ledgerTableArn,
  };
}

export function invokeStarter(starterFunctionArn: string): Statement {
  return { Sid: 'InvokeStarter', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: starterFunctionArn };
}

/**
 * Lets EventBridge Scheduler take the role for the schedules of one group, and for nobody else's.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function trustEventBridgeScheduler(groupArn: string, account: string): Statement {
  return {
    Sid: 'TrustEventBridgeScheduler',
    Effect: 'Allow',
    Principal: { Service: 'scheduler.amazonaws.com' },
    Action: ['sts:AssumeRole'],
    Condition: { StringEquals: { 'aws:SourceArn': groupArn, 'aws:SourceAccount': account } },
  };
}

/** The table of the module's own and those given, which may be a token. */
export function withTables(own: string, others: readonly string[]): readonly string[] {
  return Token.isUnresolved(others) ? Token.asList(Fn.concat([[own], [...others]])) : [own, ...others];
}
