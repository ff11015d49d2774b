/**
 * The four kinds of endpoints that a contract is made of. What goes through each is a zod schema, so both ends check it
 * and TypeScript infers it; what an endpoint is for stands beside it in lab-contract.ts.
 */
import type { z } from 'zod';

/** A call and its answer. */
export interface Rpc<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'rpc';
  readonly input: Input;
  readonly output: Output;
}

/** A long job: packets until its end, cancelled by the caller, no faster than the caller takes them. */
export interface Channel<Input extends z.ZodType = z.ZodType, Packet extends z.ZodType = z.ZodType> {
  readonly kind: 'channel';
  readonly input: Input;
  readonly packet: Packet;
  /** The input that goes on after the last packet, when a lost connection is back. */
  readonly resume: (input: z.output<Input>, last: z.output<Packet>) => z.output<Input>;
}

/** A value to watch. */
export interface Signal<Value extends z.ZodType = z.ZodType> {
  readonly kind: 'signal';
  readonly value: Value;
}

/** A value to watch and to set. */
export interface WritableSignal<Value extends z.ZodType = z.ZodType> {
  readonly kind: 'writable';
  readonly value: Value;
}

export type Endpoint = Rpc | Channel | Signal | WritableSignal;
export type Contract = Readonly<Record<string, Endpoint>>;

export function rpc<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): Rpc<Input, Output> {
  return { kind: 'rpc', input, output };
}

export function channel<Input extends z.ZodType, Packet extends z.ZodType>(
  input: Input,
  packet: Packet,
  resume: (input: z.output<Input>, last: z.output<Packet>) => z.output<Input>,
): Channel<Input, Packet> {
  return { kind: 'channel', input, packet, resume };
}

export function signal<Value extends z.ZodType>(value: Value): Signal<Value> {
  return { kind: 'signal', value };
}

export function writableSignal<Value extends z.ZodType>(value: Value): WritableSignal<Value> {
  return { kind: 'writable', value };
}

/** Names of a contract's endpoints of some kinds. */
export type NamesOf<C extends Contract, Kind extends Endpoint['kind']> = {
  [Name in keyof C & string]: C[Name]['kind'] extends Kind ? Name : never;
}[keyof C & string];

export type InputOf<E> = E extends { readonly input: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;
export type OutputOf<E> = E extends { readonly output: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;
export type PacketOf<E> = E extends { readonly packet: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;
export type ValueOf<E> = E extends { readonly value: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;
