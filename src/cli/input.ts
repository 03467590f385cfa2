/** Reads matrices and vectors from files or stdin, in the format that the extension or the user names. */
import { extname } from 'node:path'
import { decode, nameOf, readBytes } from './bytes.ts'
import { readCsv } from './csv.ts'
import type { TextLayout } from './csv.ts'
import { locate } from './locate.ts'
import { readJson, readJsonl } from './json.ts'
import { readNpy } from './npy.ts'
import { readNpz } from './npz.ts'
import { listSizes } from './numbers.ts'
import type { Numbers, TypedArray } from './numbers.ts'
import { readSafetensors } from './safetensors.ts'
import { isGzip, unpackGzip } from './unpack.ts'

export type InputFormat = 'npy' | 'npz' | 'safetensors' | 'csv' | 'tsv' | 'json' | 'jsonl'

/** How a file is read, where its format leaves it open. */
export interface InputOptions extends TextLayout {
  /** Undefined where the path cannot tell. */
  readonly format: InputFormat | undefined
  /** Which array of a file that holds several. */
  readonly entry?: string | undefined
}

type Reader = (bytes: Uint8Array, options: InputOptions) => Numbers | Promise<Numbers>

const readers: Readonly<Record<InputFormat, Reader>> = {
  npy: readNpy,
  npz: (bytes, { entry }) => readNpz(bytes, entry),
  safetensors: (bytes, { entry }) => readSafetensors(bytes, entry),
  csv: (bytes, layout) => readCsv(decode(bytes), ',', layout),
  tsv: (bytes, layout) => readCsv(decode(bytes), '\t', layout),
  json: (bytes) => readJson(decode(bytes)),
  jsonl: (bytes) => readJsonl(decode(bytes)),
}

export const inputFormats: readonly InputFormat[] = ['npy', 'npz', 'safetensors', 'csv', 'tsv', 'json', 'jsonl']

/** Whether a file of this format holds several arrays, each with a name. */
export function holdsEntries(format: InputFormat | undefined): boolean {
  return format === 'npz' || format === 'safetensors'
}

/** The format that a file's extension names, if any; `.gz` after it says only that the file is packed. */
export function formatOf(path: string): InputFormat | undefined {
  const extension = extname(path.replace(/\.gz$/iu, '')).slice(1).toLowerCase()
  return extension === 'ndjson' ? 'jsonl' : inputFormats.find((format) => format === extension)
}

/** Reads a matrix, unpacking it first where its bytes say that it is gzip'd, whatever its name. */
export async function readMatrix(path: string, options: InputOptions): Promise<Numbers> {
  const { format, entry, header, labels } = options
  const unknown = `expected a known extension, or --input-format ${inputFormats.join('|')}`
  if (path === '-' && format === undefined) throw new TypeError(`stdin: ${unknown}`)
  const bytes = await readBytes(path)
  try {
    if (format === undefined) throw new TypeError(unknown)
    if (entry !== undefined && !holdsEntries(format))
      throw new TypeError(`expected a .npz or .safetensors file beside --entry, got ${format}`)
    if ((header ?? labels) && format !== 'csv' && format !== 'tsv')
      throw new TypeError(`expected a .csv or .tsv file beside ${header ? '--header' : '--labels'}, got ${format}`)
    return await readers[format](isGzip(bytes) ? await unpackGzip(bytes) : bytes, options)
  } catch (error) {
    throw locate(nameOf(path), error)
  }
}

/** Reads a vector: a flat array, a matrix of one row, or one of one column; all hold their numbers in order. */
export async function readVector(path: string, options: InputOptions): Promise<TypedArray> {
  const { data, shape } = await readMatrix(path, options)
  if (shape.filter((size) => size !== 1).length <= 1) return data
  throw new RangeError(`${nameOf(path)}: expected one row or one column of numbers, got shape [${listSizes(shape)}]`)
}
