/** Tables for people: aligned columns, long lists cut short with a word about the rest. */

/** Rows listed before the rest is only counted. */
const longest = 20

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
    for (const [c, { text }] of row.entries()) widths[c] = Math.max(widths[c] ?? 0, text.length)
  }
  for (const row of rows) {
    const cells = row.map(({ text, paint = (plain) => plain, align = 'left' }, c) => {
      const padding = ' '.repeat((widths[c] ?? 0) - text.length)
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

/** `1 key`, `2 keys`. */
export function count(size: number, noun: string): string {
  return `${size} ${noun}${size === 1 ? '' : 's'}`
}

/** A share in per cent; an empty whole has none. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)}%`
}
