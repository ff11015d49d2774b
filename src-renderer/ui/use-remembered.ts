/** What a person has set on a screen, kept in this browser. What is kept there may be of another version, or anything. */
import { type RemovableRef, useLocalStorage } from '@vueuse/core';
import type { z } from 'zod';

/** @param usual where nothing is kept, or nothing that can be read */
export function useRemembered<Schema extends z.ZodType>(
  key: string,
  schema: Schema,
  usual: z.output<Schema>,
): RemovableRef<z.output<Schema>> {
  return useLocalStorage<z.output<Schema>>(key, usual, {
    serializer: {
      read: (text) => readRemembered(text, schema, usual),
      write: (value) => JSON.stringify(value),
    },
  });
}

export function readRemembered<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  usual: z.output<Schema>,
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return usual;
  }
}
