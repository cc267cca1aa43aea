/** Whether a text is one of the list, in which `*` stands for any characters, as it does in IAM. */
export function isAmong(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(text);
  });
}
