/**
 * WebAssembly modules for element-wise loops over float32, four numbers at a time (the SIMD instructions of the
 * WebAssembly 2.0 specification, §5.4). A module has one memory, in which every array has a place of its own, and one
 * function `run(bytes, scalar…)` that works through the first `bytes` of all arrays.
 */
import type { BinaryKind, UnaryKind } from '../../graph/value.ts';

/** Bytes of one array in the module's memory: a page of WebAssembly. */
export const ARRAY_BYTES = 65_536;

export type VectorOperation = BinaryKind | Extract<UnaryKind, 'negate' | 'sqrt'>;

/** What a loop does, in order. A register is the place of the instruction that sets it; operands come before. */
export type Instruction =
  | { readonly kind: 'constant'; readonly number: number }
  /** Its place among the scalars given to `run`. */
  | { readonly kind: 'scalar'; readonly place: number }
  | { readonly kind: 'load'; readonly array: number }
  | { readonly kind: 'compute'; readonly operation: VectorOperation; readonly operands: readonly number[] };

export interface LoopCode {
  /** Before the loop: constants, scalars and what is computed from them. Registers go on in `body`. */
  readonly before: readonly Instruction[];
  readonly body: readonly Instruction[];
  /** Registers that are written to arrays, once all arrays have been read at that place. */
  readonly stores: readonly { readonly register: number; readonly array: number }[];
  readonly scalars: number;
  readonly arrays: number;
}

/** Node has it, but its types do not tell. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export interface VectorLoop {
  readonly memory: { readonly buffer: ArrayBuffer };
  run(bytes: number, ...scalars: readonly number[]): void;
}

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const VECTOR_BYTES = 16;
/** Arrays begin at multiples of 2⁴ bytes. */
const VECTOR_ALIGNMENT = 4;

const COMPUTE: Readonly<Record<VectorOperation, number>> = {
  negate: 0xe1,
  sqrt: 0xe3,
  add: 0xe4,
  subtract: 0xe5,
  multiply: 0xe6,
  divide: 0xe7,
};

export function isVectorOperation(kind: string): kind is VectorOperation {
  return kind in COMPUTE;
}

export function compileLoop(code: LoopCode): VectorLoop {
  const module = new WebAssembly.Module(encodeModule(code));
  return new WebAssembly.Instance(module).exports as VectorLoop;
}

function encodeModule(code: LoopCode): Uint8Array {
  const parameters = [I32, ...Array.from({ length: code.scalars }, () => F32)];
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, list([[0x60, ...list(parameters.map((type) => [type])), 0]])),
    ...section(3, list([[0]])),
    ...section(5, list([[0, ...unsigned(code.arrays)]])),
    ...section(
      7,
      list([
        [...text('memory'), 2, 0],
        [...text('run'), 0, 0],
      ]),
    ),
    ...section(10, list([sized(encodeFunction(code))])),
  );
}

function encodeFunction({ before, body, stores, scalars }: LoopCode): number[] {
  // Locals: the parameters, the offset into the arrays, then the registers.
  const bytes = 0;
  const offset = 1 + scalars;
  const register = (place: number) => unsigned(offset + 1 + place);
  const memory = (array: number) => [VECTOR_ALIGNMENT, ...unsigned(array * ARRAY_BYTES)];
  const value = (instruction: Instruction): number[] => {
    switch (instruction.kind) {
      case 'constant':
        return [0x43, ...new Uint8Array(Float32Array.of(instruction.number).buffer), 0xfd, 0x13];
      case 'scalar':
        return [LOCAL_GET, ...unsigned(1 + instruction.place), 0xfd, 0x13];
      case 'load':
        return [LOCAL_GET, ...unsigned(offset), 0xfd, 0x00, ...memory(instruction.array)];
      case 'compute': {
        const operands = instruction.operands.flatMap((place) => [LOCAL_GET, ...register(place)]);
        return [...operands, 0xfd, ...unsigned(COMPUTE[instruction.operation])];
      }
    }
  };
  const set = (instructions: readonly Instruction[], first: number) =>
    instructions.flatMap((one, index) => [...value(one), LOCAL_SET, ...register(first + index)]);
  return [
    ...list([
      [1, I32],
      [...unsigned(before.length + body.length), V128],
    ]),
    ...set(before, 0),
    ...[0x03, 0x40], // loop
    ...set(body, before.length),
    ...stores.flatMap((store) => [
      ...[LOCAL_GET, ...unsigned(offset), LOCAL_GET, ...register(store.register)],
      ...[0xfd, 0x0b, ...memory(store.array)],
    ]),
    ...[LOCAL_GET, ...unsigned(offset), 0x41, VECTOR_BYTES, 0x6a, LOCAL_TEE, ...unsigned(offset)],
    ...[LOCAL_GET, bytes, 0x49, 0x0d, 0], // again while the offset is below the bytes
    ...[0x0b, 0x0b],
  ];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(word: string): number[] {
  return sized([...Buffer.from(word)]);
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...unsigned(number >>> 7)];
}
