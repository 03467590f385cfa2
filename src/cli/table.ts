/** Tables for people: aligned columns, long lists cut short with a word about the rest. */

import { oneLine } from './errors.ts'
import { shorten, widthOf } from './width.ts'

/** Rows listed before the rest is only counted. */
const longest = 20
/** Columns of a name. */
const longestName = 32

/** Digits that a tolerance of the user's own may have; the rounding of keys has all that a float has. */
const longestNumber = 8

/** A cell: its text, and what it looks like where colour is allowed. */
export interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
  readonly align?: 'left' | 'right'
}

/** Lines with columns as wide as their widest cell, indented by two. */
export function* alignRows(rows: readonly (readonly Cell[])[]): Generator<string> {
  const widths: number[] = []
  for (const row of rows) {
    for (const [c, { text }] of row.entries()) widths[c] = Math.max(widths[c] ?? 0, widthOf(text))
  }
  for (const row of rows) {
    const cells = row.map(({ text, paint = (plain) => plain, align = 'left' }, c) => {
      const padding = ' '.repeat(widths[c] - widthOf(text))
      if (align === 'right') return padding + paint(text)
      return c === row.length - 1 ? paint(text) : paint(text) + padding
    })
    yield `  ${cells.join('  ')}`
  }
}

/** At most 20 rows under a head, then how many more there are. */
export function* alignList<T>(
  head: readonly Cell[],
  items: readonly T[],
  row: (item: T) => readonly Cell[],
): Generator<string> {
  if (items.length === 0) return
  yield ''
  yield* alignRows([head, ...items.slice(0, longest).map(row)])
  if (items.length > longest) yield `  … and ${items.length - longest} more`
}

/** A name, short, and printable whatever the file called it. */
export function shortName(name: string): string {
  return shorten(oneLine(name), longestName)
}

/** A column for a name, where there are names. */
export function nameCell(name: string | undefined): readonly Cell[] {
  return name === undefined ? [] : [{ text: shortName(name) }]
}

/** `1 key`, `2 keys`. */
export function count(size: number, noun: string, nouns = `${noun}s`): string {
  return `${size} ${size === 1 ? noun : nouns}`
}

/** What was asked about: `3 keys in 2 dimensions, exact`. */
export function sizes(n: number, d: number, tolerance: number | undefined): string {
  return `${count(n, 'key')} in ${count(d, 'dimension')}, ${wordsOf(tolerance)}`
}

function wordsOf(tolerance: number | undefined): string {
  if (tolerance === undefined) return 'default tolerance'
  if (tolerance === 0) return 'exact'
  const whole = String(tolerance)
  return `tolerance ${tolerance < 1e-3 || whole.length > longestNumber ? tolerance.toExponential(2) : whole}`
}

/** A share in per cent, 0 and 100 being none and all, however near the others come. */
export function share(part: number, whole: number): string {
  if (whole === 0) return ''
  if (part === 0 || part === whole) return `${part === 0 ? 0 : 100}.0%`
  return `${Math.min(99.9, Math.max(0.1, (100 * part) / whole)).toFixed(1)}%`
}

/** The first numbers of a list, then how many more there are. */
export function enumerate(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 10).join(', ')
  return numbers.length > 10 ? `${shown} and ${numbers.length - 10} more` : shown
}
