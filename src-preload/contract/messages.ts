/** What goes over a transport, in both directions. `id` is chosen by the client, one for each call, channel or watch. */
import { z } from 'zod';
import { wireErrorSchema } from './errors.ts';

const id = z.number().int().nonnegative();
const endpoint = z.string();

export const toServerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id, endpoint, input: z.unknown() }),
  z.strictObject({ kind: z.literal('open'), id, endpoint, input: z.unknown() }),
  /** So many packets of a channel were taken: as many more may be sent. */
  z.strictObject({ kind: z.literal('taken'), id, packets: z.number().int().positive() }),
  z.strictObject({ kind: z.literal('watch'), id, endpoint }),
  z.strictObject({ kind: z.literal('set'), id, endpoint, value: z.unknown() }),
  /** Ends a call, a channel or a watch. */
  z.strictObject({ kind: z.literal('cancel'), id }),
]);
export type ToServer = z.infer<typeof toServerSchema>;

export const toClientSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), id, output: z.unknown() }),
  z.strictObject({ kind: z.literal('packet'), id, packet: z.unknown() }),
  z.strictObject({ kind: z.literal('end'), id }),
  z.strictObject({ kind: z.literal('value'), id, value: z.unknown() }),
  z.strictObject({ kind: z.literal('error'), id, error: wireErrorSchema }),
]);
export type ToClient = z.infer<typeof toClientSchema>;

/** Packets that may be on their way before the client has taken the first of them. */
export const PACKETS_AHEAD = 32;
