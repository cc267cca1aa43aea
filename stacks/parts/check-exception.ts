/** What checkov or tflint says against the generated modules and we leave as it is. It stands beside its resource. */
export interface CheckException {
  /** The rule's name. */
  readonly rule: string;
  /** What it asks for, in the tool's sense. */
  readonly asks: string;
  /** Matches `module: resource` of what it is left at. */
  readonly at: RegExp;
  readonly why: string;
}
