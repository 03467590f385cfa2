/**
 * The door: every matrix that users have becomes dense row-major numbers here, and every result leaves here as an `ndarray`.
 *
 * Nothing behind this file knows about strides, dtypes or tensors of other libraries. Inputs are read, never written;
 * a contiguous typed array is passed on without a copy, so whoever keeps the numbers must copy them.
 */
import ndarray from 'ndarray'
import type { NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import { checkArray, describe, listSizes, tagOf } from './arguments.ts'

/** Any array of numbers, typed or plain. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | readonly number[]

/** Numbers with a shape: an `ndarray`, or a plain record in its manner. */
export interface Strided {
  /** Numbers, or what gives them by index as `ndarray`'s generic stores do. */
  readonly data:
    | NumericArray
    | {
        /** The number at an index. */
        get(index: number): number
        /** How many numbers there are. */
        readonly length: number
      }
  /** The size of each axis. */
  readonly shape: readonly number[]
  /** From one entry to the next along each axis; row-major unless given. */
  readonly stride?: readonly number[]
  /** Where the first entry is; 0 unless given. */
  readonly offset?: number
}

/** A tensor in the manner of ONNX Runtime and transformers.js: contiguous, row-major. */
export interface Tensor {
  /** A typed array of numbers. */
  readonly data: unknown
  /** The size of each axis. */
  readonly dims: readonly number[]
}

/** What every function of this package takes for a matrix or a stack of matrices. */
export type MatrixLike =
  | Strided
  | Tensor
  | readonly NumericArray[]
  | readonly (readonly NumericArray[])[]
  | readonly (readonly (readonly NumericArray[])[])[]

/** Dense row-major numbers; `float` says which floating type came, if any. */
export interface Dense {
  readonly data: NumericArray
  readonly shape: readonly number[]
  readonly float: 'float32' | 'float64' | null
}

const numericTags = new Set(
  'Float64Array Float32Array Int8Array Int16Array Int32Array Uint8Array Uint8ClampedArray Uint16Array Uint32Array'.split(
    ' ',
  ),
)

function isTyped(x: unknown): x is Exclude<NumericArray, readonly number[]> {
  return numericTags.has(tagOf(x))
}

function dimensions(count: number): string {
  return count === 1 ? '1 dimension' : `${count} dimensions`
}

function checkRank(name: string, shape: readonly number[], ranks: readonly number[]): void {
  if (ranks.includes(shape.length)) return
  const wanted = ranks.length === 1 ? dimensions(ranks[0]) : `${ranks.join(' or ')} dimensions`
  throw new RangeError(`${name}: expected ${wanted}, got ${shape.length}`)
}

function checkShape(name: string, shape: unknown): readonly number[] {
  if (!Array.isArray(shape) && !isTyped(shape)) {
    throw new TypeError(`${name}: expected its shape to be an array of integers, got ${describe(shape)}`)
  }
  const sizes = Array.from(shape as ArrayLike<number>)
  for (const size of sizes) {
    if (typeof size !== 'number') {
      throw new TypeError(`${name}: expected its shape to be an array of integers, got ${describe(size)} in it`)
    }
    if (!(Number.isSafeInteger(size) && size >= 0)) {
      throw new RangeError(`${name}: expected every size in its shape to be an integer >= 0, got ${describe(size)}`)
    }
  }
  return sizes
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function rowMajor(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) stride[axis] = stride[axis + 1] * shape[axis + 1]
  return stride
}

function checkNumbers(name: string, data: ArrayLike<unknown>): void {
  for (let index = 0; index < data.length; index++) {
    if (typeof data[index] !== 'number') {
      throw new TypeError(`${name}: expected numbers, got ${describe(data[index])} at position ${index}`)
    }
  }
}

function floatOf(data: unknown): Dense['float'] {
  const tag = tagOf(data)
  if (tag === 'Float32Array') return 'float32'
  return tag === '' || tag === 'Float64Array' ? 'float64' : null
}

/** Rows of rows of numbers, to any depth, all of one length on each axis. */
function readNested(name: string, rows: readonly unknown[]): Dense {
  const shape: number[] = []
  let probe: unknown = rows
  while (Array.isArray(probe) && probe.length > 0 && typeof probe[0] === 'object' && probe[0] !== null) {
    shape.push(probe.length)
    probe = probe[0]
  }
  if (!Array.isArray(probe) && !isTyped(probe)) {
    throw new TypeError(`${name}: expected rows of numbers, got a row that is ${describe(probe)}`)
  }
  shape.push(probe.length)
  const out = allocate(name, 'float64', shape)
  let at = 0
  const floats = new Set<Dense['float']>()
  const fill = (x: unknown, axis: number, path: string): void => {
    if (!Array.isArray(x) && !isTyped(x)) {
      throw new TypeError(`${name}: expected rows of numbers, got ${describe(x)} at ${path}`)
    }
    if (x.length !== shape[axis]) {
      throw new RangeError(`${name}: expected every row to have ${shape[axis]} entries, got ${x.length} at ${path}`)
    }
    if (axis < shape.length - 1) {
      for (let j = 0; j < x.length; j++) fill(x[j], axis + 1, `${path}${path ? ', ' : 'row '}${j}`)
      return
    }
    floats.add(floatOf(x))
    for (let c = 0; c < x.length; c++) {
      const value: unknown = x[c]
      if (typeof value !== 'number') {
        const place = path ? `${path}, column ${c}` : `position ${c}`
        throw new TypeError(`${name}: expected numbers, got ${describe(value)} at ${place}`)
      }
      out[at++] = value
    }
  }
  fill(rows, 0, '')
  const float = floats.has('float64') ? 'float64' : floats.has('float32') ? 'float32' : null
  return { data: float === 'float32' && floats.size === 1 ? Float32Array.from(out) : out, shape, float }
}

/**
 * Numbers that a view may have where it repeats its data, by a stride of 0, so that what it stands for is no measure of what came:
 * 4 GiB of them, the largest buffer that engines agree on.
 */
const largestRepeat = 2 ** 29

function readStrided(name: string, x: Strided): Dense {
  const shape = checkShape(name, x.shape)
  const { data } = x
  const lazy = typeof data === 'object' && data !== null && 'get' in data && typeof data.get === 'function'
  if (!isTyped(data) && !Array.isArray(data) && !lazy) {
    throw new TypeError(`${name}: expected its data to be an array of numbers, got ${describe(data)}`)
  }
  if (x.stride !== undefined && !Array.isArray(x.stride) && !isTyped(x.stride)) {
    throw new TypeError(`${name}: expected its stride to be an array of integers, got ${describe(x.stride)}`)
  }
  const stride = x.stride === undefined ? rowMajor(shape) : Array.from(x.stride)
  if (stride.length !== shape.length || !stride.every((step) => Number.isSafeInteger(step))) {
    throw new RangeError(`${name}: expected ${shape.length} integer strides, got [${listSizes(stride)}]`)
  }
  const offset = x.offset ?? 0
  if (typeof offset !== 'number') {
    throw new TypeError(`${name}: expected its offset to be an integer, got ${describe(offset)}`)
  }
  const size = sizeOf(shape)
  let low = offset
  let high = offset
  for (let axis = 0; axis < shape.length; axis++) {
    const reach = stride[axis] * Math.max(0, shape[axis] - 1)
    if (reach < 0) low += reach
    else high += reach
  }
  if (!Number.isSafeInteger(offset) || (size > 0 && !(low >= 0 && high < data.length))) {
    throw new RangeError(
      `${name}: expected data for indices ${low} to ${high} (shape [${listSizes(shape)}]), got ${data.length} elements`,
    )
  }
  if (Array.isArray(data)) checkNumbers(name, data)
  const float = floatOf(data)
  const plain = rowMajor(shape)
  const contiguous = size === 0 || stride.every((step, axis) => step === plain[axis] || shape[axis] === 1)
  if (contiguous && isTyped(data)) return { data: data.subarray(offset, offset + size), shape, float }
  if (size > data.length && size > largestRepeat) throw tooLarge(name, shape)
  const out = allocate(name, float, shape)
  if (size > 0)
    ops.assign(ndarray(out as Float64Array, [...shape]), ndarray(data as Float64Array, [...shape], stride, offset))
  return { data: out, shape, float }
}

/**
 * Reads any `MatrixLike` as dense row-major numbers.
 *
 * @throws TypeError when `x` is no matrix; RangeError when its rank is not one of `ranks`, its rows are ragged, or its
 * data is too short for its shape (a detached buffer has length 0).
 */
export function readDense(name: string, x: MatrixLike, ranks: readonly number[]): Dense {
  const dense = readAny(name, x)
  checkRank(name, dense.shape, ranks)
  return dense
}

function readAny(name: string, x: unknown): Dense {
  if (Array.isArray(x)) {
    if (x.length === 0) return { data: new Float64Array(0), shape: [0, 0], float: null }
    return readNested(name, x)
  }
  if (isTyped(x)) return { data: x, shape: [x.length], float: floatOf(x) }
  if (typeof x === 'object' && x !== null && 'data' in x) {
    if ('shape' in x) return readStrided(name, x as Strided)
    if ('dims' in x) {
      const { data, dims } = x as Tensor
      // Without a Float16Array, ONNX Runtime holds half floats as their bits, which must not pass for integers.
      if ('type' in x && x.type === 'float16' && tagOf(data) === 'Uint16Array') {
        throw new TypeError(`${name}: expected a tensor of float32, float64 or integers, got float16`)
      }
      return readStrided(name, { data: data as NumericArray, shape: dims as readonly number[] })
    }
  }
  throw new TypeError(`${name}: expected a matrix (ndarray, tensor or rows of numbers), got ${describe(x)}`)
}

function readList(name: string, x: ArrayLike<number>): Dense {
  checkArray(name, x, 'number')
  return { data: Array.from(x), shape: [x.length], float: 'float64' }
}

/** Reads a vector: any array-like of `length` numbers, or a one-dimensional matrix. */
export function readVector(name: string, x: ArrayLike<number> | MatrixLike, length: number): Float64Array {
  const isKnown =
    Array.isArray(x) || isTyped(x) || (typeof x === 'object' && (x as object | null) !== null && 'data' in x)
  const dense = isKnown ? readAny(name, x) : readList(name, x as ArrayLike<number>)
  const flat = dense.shape.length === 2 && dense.shape[0] === 0 ? [0] : dense.shape
  checkRank(name, flat, [1])
  if (dense.data.length !== length) {
    throw new RangeError(`${name}: expected length ${length}, got ${dense.data.length}`)
  }
  return Float64Array.from(dense.data)
}

/** The dtype of results: `float32` when every floating input is, else `float64`. */
export function resultFloat(...inputs: readonly Dense[]): 'float32' | 'float64' {
  const floats = inputs.map((input) => input.float).filter((float) => float !== null)
  return floats.length > 0 && floats.every((float) => float === 'float32') ? 'float32' : 'float64'
}

/**
 * Fresh storage for what `name` is about; integers are held as float64.
 *
 * @throws RangeError where it is more than the engine gives
 */
export function allocate(name: string, float: 'float64', shape: readonly number[]): Float64Array
export function allocate(name: string, float: Dense['float'], shape: readonly number[]): Float32Array | Float64Array
export function allocate(name: string, float: Dense['float'], shape: readonly number[]): Float32Array | Float64Array {
  const size = sizeOf(shape)
  try {
    return float === 'float32' ? new Float32Array(size) : new Float64Array(size)
  } catch {
    throw tooLarge(name, shape)
  }
}

function tooLarge(name: string, shape: readonly number[]): RangeError {
  return new RangeError(`${name}: expected a shape that fits in memory, got [${listSizes(shape)}]`)
}

/** A result leaves as an `ndarray` over its own fresh storage. */
export function toNdarray<T extends Float32Array | Float64Array>(data: T, shape: readonly number[]): NdArray<T> {
  return ndarray(data, [...shape])
}
