/**
 * NumPy's `.npy` files, versions 1.0 to 3.0: a magic string, a Python dictionary literal, and raw numbers.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Numbers only: object arrays are Python
 * pickles, which are programs, and are never read.
 */
import { endianness } from 'node:os'
import { quote } from './numbers.ts'
import type { Numbers, TypedArray } from './numbers.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** Data starts on a multiple of this many bytes, so that it can be mapped as it is. */
const alignment = 64

interface Header {
  readonly order: string
  readonly type: string
  readonly fortran: boolean
  readonly shape: readonly number[]
  /** Where the data starts. */
  readonly end: number
}

/** Bytes a number, and how aligned bytes in the machine's own order are read. */
interface Codec {
  readonly size: 1 | 2 | 4 | 8
  read(bytes: ArrayBuffer): TypedArray
}

/** float16 is exact in float32 and int64 must be exact in float64; a matrix of integers keeps its type. */
const codecs: Readonly<Record<string, Codec>> = {
  f2: { size: 2, read: (bytes) => Float32Array.from(new Uint16Array(bytes), fromHalf) },
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
  b1: { size: 1, read: (bytes) => Uint8Array.from(new Uint8Array(bytes), (byte) => (byte === 0 ? 0 : 1)) },
}

const descriptors: Readonly<Record<string, string>> = {
  Float32Array: 'f4',
  Float64Array: 'f8',
  Int8Array: 'i1',
  Int16Array: 'i2',
  Int32Array: 'i4',
  Uint8Array: 'u1',
  Uint8ClampedArray: 'u1',
  Uint16Array: 'u2',
  Uint32Array: 'u4',
}

/** Reads an array of any rank as row-major numbers, copied out of `bytes`. */
export function readNpy(bytes: Uint8Array): Numbers {
  const { order, type, fortran, shape, end } = readHeader(bytes)
  const codec = Object.hasOwn(codecs, type) ? codecs[type] : undefined
  if (codec === undefined) {
    const pickle = type.startsWith('O') ? ' (Python objects, which are never unpickled)' : ''
    throw new TypeError(`expected a dtype among ${Object.keys(codecs).join(', ')}, got ${quote(type)}${pickle}`)
  }
  const wanted = codec.size * shape.reduce(times, 1)
  const got = bytes.length - end
  if (got !== wanted) {
    const problem = got < wanted ? 'is the file truncated?' : 'one array a file'
    throw new RangeError(`expected ${wanted} bytes of ${type} for shape (${shape.join(', ')}), got ${got}: ${problem}`)
  }
  const { buffer } = new Uint8Array(bytes.subarray(end))
  if (order !== '|' && order !== '=' && (order === '<') !== (endianness() === 'LE'))
    reverseBytes(Buffer.from(buffer), codec.size)
  const data = codec.read(buffer)
  return { data: fortran ? toRowMajor(data, shape) : data, shape }
}

/** Writes a typed array in row-major order as version 1.0, the one that every reader knows. */
export function writeNpy(data: TypedArray, shape: readonly number[]): Uint8Array {
  const type = descriptors[Object.prototype.toString.call(data).slice(8, -1)]
  if (type === undefined) throw new TypeError('data: expected a typed array of numbers')
  const size = shape.reduce(times, 1)
  if (size !== data.length) throw new RangeError(`data: expected ${size} numbers for its shape, got ${data.length}`)
  const order = data.BYTES_PER_ELEMENT === 1 ? '|' : endianness() === 'LE' ? '<' : '>'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': (${sizes}), }`
  const end = alignment * Math.ceil((magic.length + 4 + dictionary.length + 1) / alignment)
  const bytes = new Uint8Array(end + data.byteLength).fill(0x20, 0, end)
  bytes.set([...magic, 1, 0])
  new DataView(bytes.buffer).setUint16(8, end - 10, true)
  bytes.set(new TextEncoder().encode(dictionary), 10)
  bytes[end - 1] = 0x0a
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), end)
  return bytes
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 10 || magic.some((byte, at) => bytes[at] !== byte)) {
    throw new TypeError('expected a .npy file, which starts with \\x93NUMPY and a version')
  }
  const version = bytes[6] ?? 0
  if (!(version >= 1 && version <= 3)) throw new RangeError(`expected .npy version 1, 2 or 3, got ${version}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : bytes.length < start ? Infinity : view.getUint32(8, true)
  const end = start + length
  if (end > bytes.length)
    throw new RangeError(`expected a header of ${length} bytes, got ${bytes.length - start}: is the file truncated?`)
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, end))
  return { ...readDictionary(text), end }
}

/** The dictionary has three known entries; no other Python is understood, let alone run. */
function readDictionary(text: string): Omit<Header, 'end'> {
  const descriptor = /(['"])descr\1\s*:\s*(['"])([<>=|]?)([^'"]*)\2/u.exec(text)
  const fortran = /(['"])fortran_order\1\s*:\s*(True|False)\b/u.exec(text)
  const sizes = /(['"])shape\1\s*:\s*\(((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?)\s*\)/u.exec(text)
  if (descriptor === null && /(['"])descr\1\s*:\s*\[/u.test(text)) {
    throw new TypeError('expected an array of numbers, got records (a structured dtype)')
  }
  if (descriptor === null || fortran === null || sizes === null) {
    throw new TypeError(`expected a header with descr, fortran_order and shape, got ${quote(text.trim())}`)
  }
  const shape = (sizes[2]?.match(/\d+/gu) ?? []).map(Number)
  if (!shape.every(Number.isSafeInteger)) throw new RangeError(`expected a shape, got ${quote(sizes[2] ?? '')}`)
  return { order: descriptor[3] || '|', type: descriptor[4] ?? '', fortran: fortran[2] === 'True', shape }
}

function times(a: number, b: number): number {
  return a * b
}

/** From the first axis running fastest to the last one doing so. */
function toRowMajor(data: TypedArray, shape: readonly number[]): TypedArray {
  const out = data.slice()
  for (let index = 0; index < out.length; index++) {
    let rest = index
    let from = 0
    let stride = out.length
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1
      stride /= size
      from += (rest % size) * stride
      rest = Math.floor(rest / size)
    }
    out[index] = data[from] ?? NaN
  }
  return out
}

function reverseBytes(raw: Buffer, size: Codec['size']): void {
  if (size === 2) raw.swap16()
  if (size === 4) raw.swap32()
  if (size === 8) raw.swap64()
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

/** IEEE 754 binary16: one sign bit, five of exponent (bias 15), ten of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}
