/**
 * Matrices as JSON: an array of rows, or `{ data, shape }` or `{ data, dims }` with numbers in row-major order; and as
 * JSON lines, one row a line.
 *
 * JSON has no NaN and no infinity, so a number that comes out infinite was written too large for a float64. Lines count
 * from 1, and so do columns of a line; rows and columns of a document count from 0, as keys do.
 */
import type { Strided } from '../index.ts'
import { locate } from './errors.ts'
import { gatherRows, quote } from './numbers.ts'

/** Reads a whole JSON document; a flat array of numbers is a matrix of one dimension. */
export function readJson(text: string): Strided {
  const value: unknown = JSON.parse(text)
  if (Array.isArray(value)) return readRows(value)
  if (isRecord(value) && 'data' in value && ('shape' in value || 'dims' in value)) return readStored(value)
  throw new TypeError(`expected an array of rows, { data, shape } or { data, dims }, got ${kindOf(value)}`)
}

/** Reads JSON lines; blank lines are allowed at the end only. */
export function readJsonl(text: string): Strided {
  const rows = gatherRows()
  for (const { line, value } of jsonLines(text)) rows.add(readRow(value, `line ${line}`, 1), `line ${line}`)
  const matrix = rows.matrix()
  if (matrix.shape[0] === 0) throw new TypeError('expected rows of numbers, got only blank lines')
  return matrix
}

/** The values of JSON lines and where they stand, counted from 1. */
export function* jsonLines(text: string): Generator<{ readonly line: number; readonly value: unknown }> {
  const trimmed = text.trimEnd()
  if (trimmed === '') return
  for (const [index, source] of trimmed.split('\n').entries()) {
    const line = index + 1
    if (source.trim() === '') throw new TypeError(`line ${line}: expected JSON, got a blank line`)
    yield { line, value: parseLine(source, line) }
  }
}

function parseLine(source: string, line: number): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw locate(`line ${line}`, error)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `the string ${quote(value)}`
  if (Array.isArray(value)) return 'an array'
  return isRecord(value) ? 'an object' : String(value)
}

function readRows(value: readonly unknown[]): Strided {
  if (value.length === 0) return { data: new Float64Array(0), shape: [0, 0] }
  if (typeof value[0] === 'number') {
    const data = Float64Array.from(readRow(value, 'the array', 0))
    return { data, shape: [data.length] }
  }
  const rows = gatherRows()
  for (const [i, row] of value.entries()) rows.add(readRow(row, `row ${i}`, 0), `row ${i}`)
  return rows.matrix()
}

function readStored({ data, shape, dims, stride, offset }: Readonly<Record<string, unknown>>): Strided {
  if (stride !== undefined || offset !== undefined)
    throw new TypeError('expected row-major data, got a stride or an offset')
  const sizes: unknown = shape ?? dims
  if (!Array.isArray(sizes) || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new TypeError(`shape: expected an array of integers >= 0, got ${JSON.stringify(sizes)}`)
  }
  const numbers = Float64Array.from(readRow(data, 'data', 0))
  const size = sizes.reduce((product: number, count: number) => product * count, 1)
  if (size !== numbers.length) {
    throw new RangeError(`data: expected ${size} numbers for shape [${sizes.join(', ')}], got ${numbers.length}`)
  }
  return { data: numbers, shape: sizes as readonly number[] }
}

function readRow(row: unknown, place: string, first: 0 | 1): number[] {
  if (!Array.isArray(row)) throw new TypeError(`${place}: expected an array of numbers, got ${kindOf(row)}`)
  return row.map((value: unknown, c) => {
    if (Number.isFinite(value)) return value as number
    const where = `${place}, column ${c + first}`
    if (typeof value === 'number') throw new RangeError(`${where}: expected a number within float64, got one beyond it`)
    throw new TypeError(`${where}: expected a number, got ${kindOf(value)}`)
  })
}
