/**
 * NumPy's `.npy` files, versions 1.0 to 3.0: a magic string, a Python dictionary literal, and raw numbers.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Numbers only: object arrays are Python
 * pickles, which are programs, and are never read.
 */
import { littleEndian } from './byteorder.ts'
import { byteLength, readNumbers } from './dtypes.ts'
import type { Dtype } from './dtypes.ts'
import { listSizes, quote } from './numbers.ts'
import type { Numbers, TypedArray } from './numbers.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** Data starts on a multiple of this many bytes, so that it can be mapped as it is. */
const alignment = 64

/** NumPy's own bound is 10,000 bytes; version 1 can hold this many, and only records of many fields need more. */
const longestHeader = 0xffff

/** What a header says. */
export interface NpyHeader {
  readonly dtype: Dtype
  readonly bigEndian: boolean
  readonly fortran: boolean
  readonly shape: readonly number[]
  /** Where the data starts, and how many bytes it takes. */
  readonly start: number
  readonly size: number
}

/** bfloat16 has no code in NumPy. */
const dtypes: readonly Dtype[] = ['f2', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'b1']

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
  const { dtype, bigEndian, fortran, shape, start, size } = readNpyHeader(bytes)
  const got = bytes.length - start
  if (got !== size) {
    const problem = got < size ? 'is the file truncated?' : 'one array a file'
    const wanted = size === Infinity ? 'more bytes than any file has' : `${size} bytes`
    throw new RangeError(`expected ${wanted} of ${dtype} for shape (${listSizes(shape)}), got ${got}: ${problem}`)
  }
  const data = readNumbers(dtype, bytes.subarray(start), bigEndian)
  return { data: fortran ? toRowMajor(data, shape) : data, shape }
}

/** How many bytes the header takes, data excluded, once so many are there that it can be told; else undefined. */
export function npyHeaderLength(bytes: Uint8Array): number | undefined {
  const known = magic.every((byte, at) => at >= bytes.length || bytes[at] === byte)
  if (!known) throw new TypeError('expected a .npy file, which starts with \\x93NUMPY and a version')
  const version = bytes[6]
  if (version === undefined) return undefined
  if (!(version >= 1 && version <= 3)) throw new RangeError(`expected .npy version 1, 2 or 3, got ${version}`)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > longestHeader) throw new RangeError(`expected a header of at most ${longestHeader} bytes, got ${length}`)
  return start + length
}

/** Reads the header at the start of `bytes`, which may end after it. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  const end = npyHeaderLength(bytes)
  if (end === undefined) throw new RangeError('expected a .npy file, got only its start: is the file truncated?')
  const version = bytes[6]
  const start = version === 1 ? 10 : 12
  if (end > bytes.length) {
    throw new RangeError(
      `expected a header of ${end - start} bytes, got ${bytes.length - start}: is the file truncated?`,
    )
  }
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, end))
  const { order, type, fortran, shape } = readDictionary(text)
  const dtype = dtypes.find((known) => known === type)
  if (dtype === undefined) {
    const pickle = type.startsWith('O') ? ' (Python objects, which are never unpickled)' : ''
    throw new TypeError(`expected a dtype among ${dtypes.join(', ')}, got ${quote(type)}${pickle}`)
  }
  const bigEndian = order === '>' || (order !== '<' && !littleEndian)
  return { dtype, bigEndian, fortran, shape, start: end, size: byteLength(dtype, shape) }
}

/** Writes a typed array in row-major order as version 1.0, the one that every reader knows. */
export function writeNpy(data: TypedArray, shape: readonly number[]): Uint8Array {
  const type = descriptors[Object.prototype.toString.call(data).slice(8, -1)]
  if (type === undefined) throw new TypeError('data: expected a typed array of numbers')
  const size = shape.reduce(times, 1)
  if (size !== data.length) throw new RangeError(`data: expected ${size} numbers for its shape, got ${data.length}`)
  const order = data.BYTES_PER_ELEMENT === 1 ? '|' : littleEndian ? '<' : '>'
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

/** The dictionary has three known entries; no other Python is understood, let alone run. */
function readDictionary(text: string): Pick<NpyHeader, 'fortran' | 'shape'> & { order: string; type: string } {
  const descriptor = /(['"])descr\1\s*:\s*(['"])([<>=|]?)([^'"]*)\2/u.exec(text)
  const fortran = /(['"])fortran_order\1\s*:\s*(True|False)\b/u.exec(text)
  const sizes = /(['"])shape\1\s*:\s*\(((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?)\s*\)/u.exec(text)
  if (descriptor === null && /(['"])descr\1\s*:\s*\[/u.test(text)) {
    throw new TypeError('expected an array of numbers, got records (a structured dtype)')
  }
  if (descriptor === null || fortran === null || sizes === null) {
    throw new TypeError(`expected a header with descr, fortran_order and shape, got ${quote(text.trim())}`)
  }
  const shape = (sizes[2].match(/\d+/gu) ?? []).map(Number)
  if (!shape.every(Number.isSafeInteger)) throw new RangeError(`expected a shape, got ${quote(sizes[2])}`)
  return { order: descriptor[3] || '|', type: descriptor[4], fortran: fortran[2] === 'True', shape }
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
      const size = shape[axis]
      stride /= size
      from += (rest % size) * stride
      rest = Math.floor(rest / size)
    }
    out[index] = data[from]
  }
  return out
}
