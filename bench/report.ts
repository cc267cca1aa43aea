import * as v from 'valibot';
import type { Measured } from './measure';
import { UNITS } from './suite';

const SubjectSchema = v.strictObject({
  name: v.string(),
  version: v.string(),
  samples: v.array(v.record(v.string(), v.number())),
});

const MetricSchema = v.strictObject({
  name: v.string(),
  unit: v.picklist(UNITS),
  atMost: v.exactOptional(v.number()),
  atMostOfPeer: v.exactOptional(v.number()),
  atMostAbovePeer: v.exactOptional(v.number()),
  because: v.exactOptional(v.record(v.string(), v.string())),
});

const ReportSchema = v.strictObject({
  suite: v.string(),
  about: v.string(),
  notes: v.array(v.string()),
  command: v.string(),
  machine: v.string(),
  measuredAt: v.string(),
  measured: v.array(
    v.strictObject({ title: v.string(), metrics: v.array(MetricSchema), subjects: v.array(SubjectSchema) }),
  ),
});

/** What a suite has measured, as bench/results keeps it: the tables and the pictures are made of it. */
export interface Report {
  readonly suite: string;
  readonly about: string;
  readonly notes: readonly string[];
  readonly command: string;
  readonly machine: string;
  readonly measuredAt: string;
  readonly measured: readonly Measured[];
}

/** @throws {ValiError} when the text is no report of `npm run bench` */
export function parseReport(text: string): Report {
  return v.parse(v.pipe(v.string(), v.parseJson(), ReportSchema), text);
}
