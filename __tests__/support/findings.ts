import type { CheckException } from '../../stacks/parts/check-exception';

/** What a checking tool has against a module. */
export interface Finding {
  readonly rule: string;
  /** The module and the resource, as in `runner: aws_s3_bucket.payloads`. */
  readonly at: string;
}

/** The findings that no exception explains, and the exceptions that no finding needs. */
export function compareFindings(findings: readonly Finding[], exceptions: readonly CheckException[]) {
  const explains = (exception: CheckException, { rule, at }: Finding) =>
    exception.rule === rule && exception.at.test(at);
  return {
    unexplained: findings.filter((finding) => !exceptions.some((exception) => explains(exception, finding))),
    stale: exceptions
      .filter((exception) => !findings.some((finding) => explains(exception, finding)))
      .map(({ rule }) => rule),
  };
}
