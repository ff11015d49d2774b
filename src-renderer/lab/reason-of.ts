/** What to tell a person of something that failed: the lab's errors are sentences. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
