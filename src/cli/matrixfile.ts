/** Matrices as files, in the format that the extension names; what is written so is read back as it was. */
import { formatOf } from './input.ts'
import type { InputFormat } from './input.ts'
import { writeNpy } from './npy.ts'
import type { Numbers } from './numbers.ts'

type OutputFile = Exclude<InputFormat, 'npz' | 'safetensors'>

export const outputFormats: readonly OutputFile[] = ['npy', 'csv', 'tsv', 'json', 'jsonl']

/** The format of a file to write; `option` is what the message blames. */
export function outputFormatOf(option: string, path: string): OutputFile {
  const format = formatOf(path)
  const known = outputFormats.find((candidate) => candidate === format)
  if (known !== undefined && !/\.gz$/iu.test(path)) return known
  throw new TypeError(`${option}: expected a name that ends in .${outputFormats.join(', .')}, got ${path}`)
}

type Matrix = Pick<Numbers, 'data' | 'shape'>

const writers: Readonly<Record<OutputFile, (matrix: Matrix) => Uint8Array | Iterable<string>>> = {
  npy: ({ data, shape }) => writeNpy(data, shape),
  csv: (matrix) => rowsOf(matrix, (row) => row.join(',')),
  tsv: (matrix) => rowsOf(matrix, (row) => row.join('\t')),
  json: (matrix) => jsonRows(matrix),
  jsonl: (matrix) => jsonLines(matrix),
}

/** The content of a file: bytes, or lines of text, for a matrix of two dimensions. */
export function matrixContent(format: OutputFile, matrix: Matrix): Uint8Array | Iterable<string> {
  return writers[format](matrix)
}

/** One row a line, each an array. */
export function jsonLines(matrix: Matrix): Iterable<string> {
  return rowsOf(matrix, (row) => JSON.stringify(row))
}

/** An array of rows over several lines, since a matrix may be longer than any string. */
export function* jsonRows(matrix: Matrix): Generator<string> {
  const last = matrix.shape[0] - 1
  let row = 0
  for (const line of jsonLines(matrix)) {
    yield `${row === 0 ? '[' : ''}${line}${row === last ? ']' : ','}`
    row++
  }
}

function* rowsOf(
  { data, shape: [m = 0, columns = 0] }: Matrix,
  line: (row: readonly number[]) => string,
): Generator<string> {
  for (let row = 0; row < m; row++) yield line(Array.from(data.subarray(row * columns, (row + 1) * columns)))
}
