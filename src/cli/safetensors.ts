/**
 * `.safetensors` files: eight bytes of length, a JSON header that names tensors, and raw little-endian numbers.
 *
 * Format: https://huggingface.co/docs/safetensors. As there, the header is at most 100 MB, and the tensors lie one behind
 * the other without overlap or hole; so a file cannot claim more data than it has.
 */
import { chooseEntry } from './entries.ts'
import { byteLength, readNumbers } from './dtypes.ts'
import type { Dtype } from './dtypes.ts'
import { locate, messageOf } from './locate.ts'
import { listSizes, quote } from './numbers.ts'
import type { Numbers } from './numbers.ts'

const longestHeader = 100_000_000

const dtypes: ReadonlyMap<unknown, Dtype> = new Map([
  ['F64', 'f8'],
  ['F32', 'f4'],
  ['F16', 'f2'],
  ['BF16', 'bf2'],
  ['I64', 'i8'],
  ['I32', 'i4'],
  ['I16', 'i2'],
  ['I8', 'i1'],
  ['U64', 'u8'],
  ['U32', 'u4'],
  ['U16', 'u2'],
  ['U8', 'u1'],
  ['BOOL', 'b1'],
])

interface Tensor {
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** Reads the tensor that `--entry` names. */
export function readSafetensors(bytes: Uint8Array, name?: string): Numbers {
  const { tensors, start } = readHeader(bytes)
  const tensor = chooseEntry(tensors, name)
  try {
    const { type, shape, begin, end } = tensor
    const dtype = dtypes.get(type)
    if (dtype === undefined)
      throw new TypeError(`expected a dtype among ${[...dtypes.keys()].join(', ')}, got ${quote(type)}`)
    const size = byteLength(dtype, shape)
    if (size !== end - begin)
      throw new RangeError(`expected ${size} bytes of ${type} for shape (${listSizes(shape)}), got ${end - begin}`)
    return { data: readNumbers(dtype, bytes.subarray(start + begin, start + end), false), shape }
  } catch (error) {
    throw locate(`entry ${tensor.name}`, error)
  }
}

function readHeader(bytes: Uint8Array): { readonly tensors: readonly Tensor[]; readonly start: number } {
  if (bytes.length < 8) throw new TypeError('expected a .safetensors file, which starts with the length of its header')
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true))
  const start = 8 + length
  if (length > longestHeader)
    throw new RangeError(
      `expected a header of at most ${longestHeader} bytes, got ${length}: is it a .safetensors file?`,
    )
  if (start > bytes.length)
    throw new RangeError(`expected a header of ${length} bytes, got ${bytes.length - 8}: is the file truncated?`)
  const tensors = Object.entries(parseHeader(bytes.subarray(8, start)))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readTensor(name, value))
  checkLayout(tensors, bytes.length - start)
  return { tensors, start }
}

function parseHeader(bytes: Uint8Array): object {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new TypeError(`expected a .safetensors file with a header in JSON (${messageOf(error)})`)
  }
  if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header
  throw new TypeError('expected a .safetensors file with a header that names tensors')
}

function readTensor(name: string, value: unknown): Tensor {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof dtype === 'string' && isSizes(shape) && isSizes(offsets)) {
    const [begin, end] = offsets
    if (begin !== undefined && end !== undefined && begin <= end && offsets.length === 2)
      return { name, type: dtype, shape, begin, end }
  }
  throw new TypeError(`entry ${name}: expected { dtype, shape, data_offsets }`)
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function checkLayout(tensors: readonly Tensor[], length: number): void {
  let at = 0
  for (const { name, begin, end } of [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw new RangeError(`entry ${name}: expected its data to begin at byte ${at}, got ${begin}`)
    at = end
  }
  if (at === length) return
  const problem = at > length ? 'is the file truncated?' : 'what is the rest?'
  throw new RangeError(`expected ${at} bytes of data, got ${length}: ${problem}`)
}
