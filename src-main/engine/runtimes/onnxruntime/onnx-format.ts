/**
 * The part of the ONNX file format that the lab writes, as a protobuf schema: field names and numbers from onnx.proto
 * (ONNX IR version 8, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, Apache-2.0). protobufjs does the encoding.
 */
import protobuf from 'protobufjs/light.js';

const field = (id: number, type: string, rule?: 'repeated') => ({ id, type, ...(rule && { rule }) });

const schema = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: field(8, 'OperatorSet', 'repeated'),
      },
    },
    OperatorSet: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: field(1, 'Node', 'repeated'),
        name: field(2, 'string'),
        initializer: field(5, 'Tensor', 'repeated'),
        input: field(11, 'ValueInfo', 'repeated'),
        output: field(12, 'ValueInfo', 'repeated'),
        valueInfo: field(13, 'ValueInfo', 'repeated'),
      },
    },
    Node: {
      fields: {
        input: field(1, 'string', 'repeated'),
        output: field(2, 'string', 'repeated'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: field(5, 'Attribute', 'repeated'),
        domain: field(7, 'string'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        s: field(4, 'bytes'),
        ints: field(8, 'int64', 'repeated'),
        type: field(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: field(1, 'int64', 'repeated'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
        externalData: field(13, 'StringEntry', 'repeated'),
        dataLocation: field(14, 'int32'),
      },
    },
    StringEntry: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensorType: field(1, 'TensorType') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'TensorShape') } },
    TensorShape: { fields: { dim: field(1, 'Dimension', 'repeated') } },
    Dimension: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
});
const Model = schema.lookupType('Model');

/** Codes of TensorProto.DataType. */
export const ELEMENT_TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;
export type ElementType = keyof typeof ELEMENT_TYPE;

/** Codes of AttributeProto.AttributeType. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A whole number becomes INT, `{ float }` FLOAT, text STRING, a list INTS. */
export type AttributeValue = number | { readonly float: number } | string | readonly number[];

export interface OnnxNode {
  readonly opType: string;
  /** Empty for the standard operators, "com.microsoft" for onnxruntime's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** In another file, or in what is handed over under its name. */
export interface OnnxPlace {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Little-endian numbers, or where they are beside this file: a file holds 2 GiB at most. */
  readonly content: Uint8Array | OnnxPlace;
}

/** Code of TensorProto.DataLocation. */
const EXTERNAL = 1;

export interface OnnxPort {
  readonly name: string;
  readonly type: ElementType;
  /** A text stands for a size that is only known when the model runs. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** What nodes yield whose shape does not follow from their operands' shapes. */
  readonly stated?: readonly OnnxPort[];
}

export function encodeOnnx({ nodes, initializers, inputs, outputs, stated = [] }: OnnxModel): Uint8Array {
  return Model.encode({
    irVersion: 8,
    producerName: 'hyperfit-lab',
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: 'graph',
      node: nodes.map((node, index) => ({
        name: `${node.opType}_${index}`,
        opType: node.opType,
        domain: node.domain,
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes).map(([name, value]) => ({
          name,
          ...encodeAttribute(value),
        })),
      })),
      initializer: initializers.map(({ name, shape, type, content }) => ({
        name,
        dims: shape,
        dataType: ELEMENT_TYPE[type],
        ...(content instanceof Uint8Array ? { rawData: content } : encodePlace(content)),
      })),
      input: inputs.map(encodePort),
      output: outputs.map(encodePort),
      valueInfo: stated.map(encodePort),
    },
  }).finish();
}

function encodePlace(place: OnnxPlace) {
  return {
    dataLocation: EXTERNAL,
    externalData: Object.entries(place).map(([key, value]) => ({ key, value: String(value) })),
  };
}

function encodeAttribute(value: AttributeValue) {
  if (typeof value === 'number') return { type: ATTRIBUTE_TYPE.int, i: value };
  if (typeof value === 'string') return { type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(value) };
  if ('float' in value) return { type: ATTRIBUTE_TYPE.float, f: value.float };
  return { type: ATTRIBUTE_TYPE.ints, ints: value };
}

function encodePort({ name, type, shape }: OnnxPort) {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE[type], shape: { dim } } } };
}
