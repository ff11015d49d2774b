/** Errors as they travel: a stable code, a sentence for people, and data that a screen can use. */
import { z } from 'zod';

export const wireErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** An error of the other end, or of the way there ("disconnected"). */
export class RemoteError extends Error {
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor({ code, message, data }: WireError) {
    super(message);
    this.name = 'RemoteError';
    this.code = code;
    this.data = data;
  }
}

/** Codes of the lab are words; those of the system (ENOENT) are not for people. */
const LAB_CODE = /^[a-z]+(-[a-z]+)*$/;

/** What is not an error of the lab's own is told without its inner workings. */
export function toWireError(error: unknown): WireError {
  const { code, data = {} } = (error ?? {}) as { code?: unknown; data?: unknown };
  if (error instanceof Error && typeof code === 'string' && LAB_CODE.test(code)) {
    const parsed = wireErrorSchema.safeParse({ code, message: error.message, data });
    if (parsed.success) return parsed.data;
  }
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'It was stopped.', data: {} };
  return {
    code: 'internal',
    message: 'Something went wrong that the lab did not expect. Its log tells more.',
    data: {},
  };
}
