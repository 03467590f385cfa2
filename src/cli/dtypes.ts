/**
 * Raw numbers of a file as typed arrays: the dtypes of NumPy, and bfloat16.
 *
 * float16 (IEEE 754 binary16) and bfloat16 (the upper half of a float32) are exact in float32; a 64-bit integer must be exact
 * in float64, or it is refused.
 */
import { littleEndian, reverseBytes } from './byteorder.ts'
import type { TypedArray } from './numbers.ts'

/** NumPy's codes: the kind and the bytes a number; `bf2` is bfloat16, for which NumPy has none. */
export type Dtype = 'f2' | 'bf2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'b1'

/** Bytes a number, and how aligned bytes in the machine's own order are read. */
interface Codec {
  readonly size: 1 | 2 | 4 | 8
  read(bytes: ArrayBuffer): TypedArray
}

const codecs: Readonly<Record<Dtype, Codec>> = {
  f2: { size: 2, read: (bytes) => toFloat32(new Uint16Array(bytes), fromHalf) },
  bf2: { size: 2, read: (bytes) => new Float32Array(Uint32Array.from(new Uint16Array(bytes), upperHalf).buffer) },
  f4: { size: 4, read: (bytes) => new Float32Array(bytes) },
  f8: { size: 8, read: (bytes) => new Float64Array(bytes) },
  i1: { size: 1, read: (bytes) => new Int8Array(bytes) },
  i2: { size: 2, read: (bytes) => new Int16Array(bytes) },
  i4: { size: 4, read: (bytes) => new Int32Array(bytes) },
  i8: { size: 8, read: (bytes) => exactIntegers(new BigInt64Array(bytes)) },
  u1: { size: 1, read: (bytes) => new Uint8Array(bytes) },
  u2: { size: 2, read: (bytes) => new Uint16Array(bytes) },
  u4: { size: 4, read: (bytes) => new Uint32Array(bytes) },
  u8: { size: 8, read: (bytes) => exactIntegers(new BigUint64Array(bytes)) },
  b1: { size: 1, read: (bytes) => new Uint8Array(bytes).map((byte) => (byte === 0 ? 0 : 1)) },
}

/** Bytes that a number of this dtype takes. */
function sizeOf(dtype: Dtype): number {
  return codecs[dtype].size
}

/** Bytes that an array takes; Infinity, rather than a rounded number, where no file could be so long. */
export function byteLength(dtype: Dtype, shape: readonly number[]): number {
  const bytes = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, sizeOf(dtype))
  return Number.isSafeInteger(bytes) ? bytes : Infinity
}

/** Reads numbers out of a copy of `bytes`, whose length is a multiple of the dtype's size. */
export function readNumbers(dtype: Dtype, bytes: Uint8Array, bigEndian: boolean): TypedArray {
  const { buffer } = new Uint8Array(bytes)
  const { size, read } = codecs[dtype]
  if (bigEndian === littleEndian) reverseBytes(new Uint8Array(buffer), size)
  return read(buffer)
}

function exactIntegers(integers: BigInt64Array | BigUint64Array): Float64Array {
  const out = new Float64Array(integers.length)
  for (let index = 0; index < out.length; index++) {
    const value = Number(integers[index])
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(`expected integers up to 2^53 - 1, got ${integers[index]} at position ${index}`)
    }
    out[index] = value
  }
  return out
}

function toFloat32(bits: Uint16Array, convert: (bits: number) => number): Float32Array {
  const out = new Float32Array(bits.length)
  for (let index = 0; index < out.length; index++) out[index] = convert(bits[index])
  return out
}

/** One sign bit, five of exponent (bias 15), ten of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

function upperHalf(bits: number): number {
  return bits * 2 ** 16
}
