/** Numbers in text, read strictly, and rows of them gathered into one matrix. */
import type { NumericArray } from '../index.ts'

export type TypedArray = Exclude<NumericArray, readonly number[]>

/** What files hold: numbers in row-major order, of any rank, and what a table calls its rows and columns. */
export interface Numbers {
  readonly data: TypedArray
  readonly shape: readonly number[]
  readonly rowNames?: readonly string[]
  readonly columnNames?: readonly string[]
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u
const nonFinite = /^([+-]?)(?:(nan)|inf|infinity)$/iu

/** Text as an error message quotes it: short enough for one line. */
export function quote(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text)
}

/** The sizes of a shape as an error message lists them: a file may claim any number of axes. */
export function listSizes(shape: readonly number[]): string {
  return shape.length > 8 ? `${shape.slice(0, 8).join(', ')}, …` : shape.join(', ')
}

/**
 * Reads a decimal number. The words NaN and inf, in any case, are numbers too: whoever takes the matrix refuses them
 * and can say at which row and column.
 *
 * @throws TypeError when `text` is no number; RangeError when it is too large for a float64.
 */
export function parseNumber(text: string): number {
  const trimmed = text.trim()
  if (decimal.test(trimmed)) return inRange(Number(trimmed), trimmed)
  const word = nonFinite.exec(trimmed)
  if (word === null) throw new TypeError(`expected a number, got ${quote(trimmed)}`)
  if (word[2] !== undefined) return NaN
  return word[1] === '-' ? -Infinity : Infinity
}

/** Whether `parseNumber` reads `text`. */
export function isNumber(text: string): boolean {
  try {
    parseNumber(text)
    return true
  } catch {
    return false
  }
}

/** The parser of an option that takes a finite number, at least `low` where one is given. */
export function finite(option: string, low?: number): (text: string) => number {
  return (text) => {
    const value = isNumber(text) ? parseNumber(text) : NaN
    if (Number.isFinite(value) && !(low !== undefined && value < low)) return value
    const bound = low === undefined ? '' : ` >= ${low}`
    throw new RangeError(`${option}: expected a finite number${bound}, got ${quote(text)}`)
  }
}

/** Gathers rows of equal length; `add` throws a RangeError on a row of another length, saying at which `place`. */
export interface RowGatherer {
  add(row: readonly number[], place: string): void
  matrix(): Numbers
}

export function gatherRows(): RowGatherer {
  let data = new Float64Array(1024)
  let n = 0
  let d = 0
  return {
    add(row, place) {
      if (n === 0) d = row.length
      if (row.length !== d) {
        throw new RangeError(
          `${place}: expected ${d} ${d === 1 ? 'number' : 'numbers'} as on the first, got ${row.length}`,
        )
      }
      if ((n + 1) * d > data.length) {
        const grown = new Float64Array(Math.max(2 * data.length, (n + 1) * d))
        grown.set(data)
        data = grown
      }
      data.set(row, n * d)
      n++
    },
    matrix: () => ({ data: data.subarray(0, n * d), shape: [n, d] }),
  }
}

function inRange(value: number, text: string): number {
  if (Number.isFinite(value)) return value
  throw new RangeError(`expected a number within float64, got ${quote(text)}`)
}
