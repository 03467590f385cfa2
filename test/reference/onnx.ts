/**
 * Just enough protobuf to write an ONNX model: messages are lists of [field number, value].
 *
 * Field numbers: onnx/onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */

type Value = number | string | Uint8Array | { readonly float: number }
type Field = readonly [number, Value]

export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly output: string
  /** Integers are written as INT, `{ float }` as FLOAT. */
  readonly attributes?: Readonly<Record<string, number | { readonly float: number }>>
}

export interface Graph {
  readonly nodes: readonly Node[]
  /** Ranks of the float32 inputs; sizes are left open. */
  readonly inputs: Readonly<Record<string, number>>
  readonly outputs: Readonly<Record<string, number>>
}

/** A model of opset 17 (the first with LayerNormalization), ready for `InferenceSession.create`. */
export function encodeModel({ nodes, inputs, outputs }: Graph): Uint8Array {
  const graph = message(
    ...nodes.map((node): Field => [1, encodeNode(node)]),
    [2, 'graph'],
    ...Object.entries(inputs).map((input): Field => [11, encodeInfo(...input)]),
    ...Object.entries(outputs).map((output): Field => [12, encodeInfo(...output)]),
  )
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 17])])
}

function encodeNode({ op, inputs, output, attributes = {} }: Node): Uint8Array {
  return message(
    ...inputs.map((name): Field => [1, name]),
    [2, output],
    [4, op],
    ...Object.entries(attributes).map(([name, value]): Field => {
      return [
        5,
        typeof value === 'number' ? message([1, name], [3, value], [20, 2]) : message([1, name], [2, value], [20, 1]),
      ]
    }),
  )
}

/** ValueInfoProto of a float32 tensor whose axes are named, not sized. */
function encodeInfo(name: string, rank: number): Uint8Array {
  const axes = Array.from({ length: rank }, (_, axis): Field => [1, message([2, `${name}_${axis}`])])
  return message([1, name], [2, message([1, message([1, 1], [2, message(...axes)])])])
}

function message(...fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(fields.flatMap(([number, value]) => encodeField(number, value)))
}

function encodeField(number: number, value: Value): number[] {
  if (typeof value === 'number') return [...varint(number << 3), ...varint(value >>> 0)]
  if (typeof value === 'string') return encodeField(number, new TextEncoder().encode(value))
  if (value instanceof Uint8Array) return [...varint((number << 3) | 2), ...varint(value.length), ...value]
  const bytes = new DataView(new ArrayBuffer(4))
  bytes.setFloat32(0, value.float, true)
  return [...varint((number << 3) | 5), ...new Uint8Array(bytes.buffer)]
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}
