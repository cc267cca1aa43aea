import type { AttributeNames } from '../../shared/schedule/row';
import { isMap, isRowAttribute, type RowAttribute } from '../../shared/schedule/row-fields';
import { show } from '../../shared/show';
import type { Place, Row } from '../ports';

/** What the row's attributes are called as properties: the seed's own names, and ours in the same style. */
export const PROPERTY_NAMES: AttributeNames = {
  id: 'PhysicalResourceId',
  name: 'Name',
  cron_time: 'CronTime',
  rate: 'Rate',
  at: 'At',
  time_zone: 'TimeZone',
  dst_policy: 'DstPolicy',
  start_at: 'StartAt',
  end_at: 'EndAt',
  jitter_seconds: 'JitterSeconds',
  enabled: 'Enabled',
  overlap: 'Overlap',
  catch_up: 'CatchUp',
  starting_deadline_seconds: 'StartingDeadlineSeconds',
  request: 'Request',
  definition_arn: 'TaskDefinitionArn',
  ecs_cluster_arn: 'ECSClusterArn',
  last_updated: 'LastUpdated',
};

/** Of the resource, and not of the row. CloudFormation itself reads the first two. */
const OTHER_PROPERTIES = ['ServiceToken', 'ServiceTimeout', 'SchedulerDynamoDBTable', 'Region', 'NoEcho'];

/** The registrar's own to set. */
const NOT_PROPERTIES: readonly RowAttribute[] = ['id', 'last_updated'];

const NUMBERS: readonly string[] = ['jitter_seconds', 'starting_deadline_seconds'];
const REQUEST_NUMBERS: readonly string[] = [
  'cpu',
  'memoryMiB',
  'ephemeralStorageGiB',
  'timeoutSeconds',
  'retries',
  'heartbeatSeconds',
];
const REQUEST_TRUTHS: readonly string[] = ['enableExecuteCommand'];

/** CloudFormation makes a text of each number and truth value. What is none stays as it is, and is refused with the rest. */
function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

function toTruth(value: unknown): unknown {
  return value === 'true' || value === 'True' ? true : value === 'false' || value === 'False' ? false : value;
}

function toRequest(value: unknown): unknown {
  if (typeof value === 'string') {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  if (!isMap(value)) {
    return value;
  }
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    REQUEST_NUMBERS.includes(name) ? toNumber(field) : REQUEST_TRUTHS.includes(name) ? toTruth(field) : field,
  ]);
  return Object.fromEntries(fields);
}

function toAttribute(name: RowAttribute, value: unknown): unknown {
  if (NUMBERS.includes(name)) {
    return toNumber(value);
  }
  if (name === 'enabled') {
    return toTruth(value);
  }
  return name === 'request' ? toRequest(value) : value;
}

const ATTRIBUTE_OF: ReadonlyMap<string, RowAttribute> = new Map(
  Object.entries(PROPERTY_NAMES).flatMap(([attribute, property]) =>
    isRowAttribute(attribute) && !NOT_PROPERTIES.includes(attribute) ? [[property, attribute]] : [],
  ),
);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const TABLE = /^[a-zA-Z0-9_.-]{3,255}$/;
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

function readName(value: unknown, pattern: RegExp, own: string): string | undefined {
  return value === undefined ? own : typeof value === 'string' && pattern.test(value) ? value : undefined;
}

/** The table that properties name; without them it is the registrar's own. `undefined` where a name is none. */
export function readPlace(properties: unknown, own: Place): Place | undefined {
  const given = isMap(properties) ? properties : {};
  const table = readName(given['SchedulerDynamoDBTable'], TABLE, own.table);
  const region = readName(given['Region'], REGION, own.region);
  return table === undefined || region === undefined ? undefined : { table, region };
}

export interface ReadProperties {
  /** @default - the properties name none that there can be */
  readonly place?: Place;
  readonly row: Row;
  readonly hidesData: boolean;
  /** What is wrong with what does not become part of the row. */
  readonly problems: readonly string[];
}

/** The row that properties ask for. Its attributes are looked at later. */
export function readProperties(properties: unknown, id: string, own: Place): ReadProperties {
  if (!isMap(properties)) {
    const problem = `ResourceProperties is ${show(properties)}: give the resource properties`;
    return { row: { id }, hidesData: false, problems: [problem] };
  }
  const known = [...ATTRIBUTE_OF.keys(), ...OTHER_PROPERTIES];
  const unknown = Object.keys(properties).filter((name) => !known.includes(name));
  const place = readPlace(properties, own);
  const attributes = Object.entries(properties).flatMap(([property, value]) => {
    const attribute = ATTRIBUTE_OF.get(property);
    return attribute === undefined ? [] : [[attribute, toAttribute(attribute, value)] as const];
  });
  const { SchedulerDynamoDBTable: table, Region: region } = properties;
  return {
    ...(place === undefined ? {} : { place }),
    row: { id, ...Object.fromEntries(attributes) },
    hidesData: toTruth(properties['NoEcho']) === true,
    problems: [
      ...(readName(table, TABLE, own.table) === undefined
        ? [`SchedulerDynamoDBTable is ${show(table)}: give the name of a table`]
        : []),
      ...(readName(region, REGION, own.region) === undefined
        ? [`Region is ${show(region)}: give a Region such as eu-west-1`]
        : []),
      ...unknown.map((name) => `${show(name)} is no property of a schedule: those are ${known.join(', ')}`),
    ],
  };
}
