/** JSON of files that may be damaged: what is no JSON becomes undefined, which no schema of ours takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
