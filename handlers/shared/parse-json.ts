/** `undefined` for what is no JSON: its reason would quote the text, which may be somebody's data. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
