/** Reads matrices and vectors from files or stdin, in the format that the extension or the user names. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { NumericArray, Strided } from '../index.ts'
import { readCsv } from './csv.ts'
import { locate } from './errors.ts'
import { readJson, readJsonl } from './json.ts'
import { readNpy } from './npy.ts'

export type InputFormat = 'npy' | 'csv' | 'tsv' | 'json' | 'jsonl'

const readers: Readonly<Record<InputFormat, (bytes: Uint8Array) => Strided>> = {
  npy: readNpy,
  csv: (bytes) => readCsv(decode(bytes), ','),
  tsv: (bytes) => readCsv(decode(bytes), '\t'),
  json: (bytes) => readJson(decode(bytes)),
  jsonl: (bytes) => readJsonl(decode(bytes)),
}

export const inputFormats: readonly InputFormat[] = ['npy', 'csv', 'tsv', 'json', 'jsonl']

/** The format that a file's extension names, if any. */
export function formatOf(path: string): InputFormat | undefined {
  const extension = extname(path).slice(1).toLowerCase()
  return extension === 'ndjson' ? 'jsonl' : inputFormats.find((format) => format === extension)
}

/** What messages call a path. */
export function nameOf(path: string): string {
  return path === '-' ? 'stdin' : path
}

/** Reads a matrix; `format` undefined means that the path could not tell. */
export async function readMatrix(path: string, format: InputFormat | undefined): Promise<Strided> {
  const unknown = `expected a known extension, or --input-format ${inputFormats.join('|')}`
  if (path === '-' && format === undefined) throw new TypeError(`stdin: ${unknown}`)
  const bytes = await readBytes(path)
  try {
    if (format === undefined) throw new TypeError(unknown)
    return readers[format](bytes)
  } catch (error) {
    throw locate(nameOf(path), error)
  }
}

/** Reads a vector: a flat array, a matrix of one row, or one of one column; all hold their numbers in order. */
export async function readVector(path: string, format: InputFormat | undefined): Promise<NumericArray> {
  const { data, shape } = await readMatrix(path, format)
  if (shape.filter((size) => size !== 1).length <= 1) return data as NumericArray
  throw new RangeError(`${nameOf(path)}: expected one row or one column of numbers, got shape [${shape.join(', ')}]`)
}

/** Reads a whole text. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path)
  try {
    return decode(bytes)
  } catch (error) {
    throw locate(nameOf(path), error)
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = path === '-' ? await readStdin() : await readFile(path)
  } catch (error) {
    throw locate(nameOf(path), error)
  }
  if (bytes.length === 0) throw new RangeError(`${nameOf(path)}: is empty`)
  return bytes
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** UTF-8, with or without a byte order mark; anything else would turn into replacement characters unnoticed. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError('expected UTF-8 text, got other bytes')
    throw error
  }
}
