/**
 * Matrices as JSON: an array of rows, or `{ data, shape }` or `{ data, dims }` with numbers in row-major order; and as
 * JSON lines, one row a line.
 *
 * JSON has no NaN and no infinity, so a number that comes out infinite was written too large for a float64. Lines count
 * from 1, and so do columns of a line; rows and columns of a document count from 0, as keys do.
 */
import { locate, messageOf } from './locate.ts'
import { gatherRows, listSizes, quote } from './numbers.ts'
import type { Numbers } from './numbers.ts'

/** Reads a whole JSON document; a flat array of numbers is a matrix of one dimension. */
export function readJson(text: string): Numbers {
  const value = parseJson(text)
  if (Array.isArray(value)) return readRows(value)
  if (isRecord(value) && 'data' in value && ('shape' in value || 'dims' in value)) return readStored(value)
  throw new TypeError(`expected an array of rows, { data, shape } or { data, dims }, got ${kindOf(value)}`)
}

/** Reads JSON lines; blank lines are allowed at the end only. */
export function readJsonl(text: string): Numbers {
  const rows = gatherRows()
  const parse = jsonLines()
  for (const source of text.split('\n')) {
    const parsed = parse(source)
    if (parsed !== undefined) rows.add(readRow(parsed.value, `line ${parsed.line}`, 1), `line ${parsed.line}`)
  }
  const matrix = rows.matrix()
  if (matrix.shape[0] === 0) throw new TypeError('expected rows of numbers, got only blank lines')
  return matrix
}

/** A value and the line it stands on, counted from 1. */
export interface JsonLine {
  readonly line: number
  readonly value: unknown
}

/** Parses the lines of a file, given one after the other; blank lines give nothing, and are allowed at the end only. */
export function jsonLines(): (source: string) => JsonLine | undefined {
  let line = 0
  let blankAt = 0
  return (source) => {
    line++
    if (source.trim() === '') {
      blankAt ||= line
      return undefined
    }
    if (blankAt > 0) throw new TypeError(`line ${blankAt}: expected JSON, got a blank line`)
    return { line, value: parseLine(source, line) }
  }
}

function parseLine(source: string, line: number): unknown {
  try {
    return parseJson(source)
  } catch (error) {
    throw locate(`line ${line}`, error)
  }
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw new TypeError(`expected JSON (${messageOf(error)})`)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `the string ${quote(value)}`
  if (Array.isArray(value)) return 'an array'
  if (value === undefined) return 'nothing'
  return isRecord(value) ? 'an object' : String(value)
}

function readRows(value: readonly unknown[]): Numbers {
  if (value.length === 0) return { data: new Float64Array(0), shape: [0, 0] }
  if (typeof value[0] === 'number') {
    const data = Float64Array.from(readRow(value, 'the array', 0))
    return { data, shape: [data.length] }
  }
  const rows = gatherRows()
  for (const [i, row] of value.entries()) rows.add(readRow(row, `row ${i}`, 0), `row ${i}`)
  return rows.matrix()
}

function readStored({ data, shape, dims, stride, offset }: Readonly<Record<string, unknown>>): Numbers {
  if (stride !== undefined || offset !== undefined)
    throw new TypeError('expected row-major data, got a stride or an offset')
  const sizes: unknown = shape ?? dims
  if (!Array.isArray(sizes) || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    const name = shape === undefined ? 'dims' : 'shape'
    throw new TypeError(`${name}: expected an array of integers >= 0, got ${kindOf(sizes)}`)
  }
  const numbers = Float64Array.from(readRow(data, 'data', 0))
  // A size of 0 decides, where the product of the others is beyond float64.
  const size = sizes.includes(0) ? 0 : sizes.reduce((product: number, count: number) => product * count, 1)
  if (size !== numbers.length) {
    throw new RangeError(`data: expected ${size} numbers for shape [${listSizes(sizes)}], got ${numbers.length}`)
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
