/** Reads matrices and vectors from files or stdin, in the format that the extension or the user names. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { readCsv } from './csv.ts'
import { locate } from './errors.ts'
import { readJson, readJsonl } from './json.ts'
import { readNpy } from './npy.ts'
import type { Numbers, TypedArray } from './numbers.ts'

export type InputFormat = 'npy' | 'csv' | 'tsv' | 'json' | 'jsonl'

const readers: Readonly<Record<InputFormat, (bytes: Uint8Array) => Numbers>> = {
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
export async function readMatrix(path: string, format: InputFormat | undefined): Promise<Numbers> {
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
export async function readVector(path: string, format: InputFormat | undefined): Promise<TypedArray> {
  const { data, shape } = await readMatrix(path, format)
  if (shape.filter((size) => size !== 1).length <= 1) return data
  throw new RangeError(`${nameOf(path)}: expected one row or one column of numbers, got shape [${shape.join(', ')}]`)
}

/** The lines of a text, one at a time: a file of certificates may be longer than any string. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line: string[] = []
  let empty = true
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      empty = false
      const [first = '', ...others] = decode(chunk as Uint8Array, decoder, true).split('\n')
      line.push(first)
      for (const other of others) {
        yield line.join('')
        line = [other]
      }
    }
    line.push(decode(new Uint8Array(), decoder))
  } catch (error) {
    throw locate(nameOf(path), error)
  }
  if (empty) throw new RangeError(`${nameOf(path)}: is empty`)
  yield line.join('')
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
function decode(bytes: Uint8Array, decoder = new TextDecoder('utf-8', { fatal: true }), stream = false): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError('expected UTF-8 text, got other bytes')
    throw error
  }
}
