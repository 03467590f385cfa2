import { expect } from 'vitest'

/** 12 significant digits: what a page shows of a double, with room for the last bits that differ between machines. */
function round(x: number): number {
  return Number.isFinite(x) && x !== 0 ? Number(x.toPrecision(12)) : x + 0
}

/** Numbers rounded, typed arrays as plain ones, matrices as their rows: what a reader would write down. */
export function plain(x: unknown): unknown {
  if (typeof x === 'number') return round(x)
  if (ArrayBuffer.isView(x) && !(x instanceof DataView)) return Array.from(x as unknown as ArrayLike<unknown>, plain)
  if (Array.isArray(x)) return x.map(plain)
  if (typeof x !== 'object' || x === null) return x
  if ('stride' in x && 'offset' in x && 'get' in x) return rows(x as unknown as Strided, [])
  const entries = Object.entries(x).filter(([, value]) => typeof value !== 'function')
  return Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]))
}

interface Strided {
  readonly shape: readonly number[]
  get(...index: number[]): number
}

function rows(x: Strided, index: readonly number[]): unknown {
  const size = x.shape[index.length]
  if (size === undefined) return round(x.get(...index))
  return Array.from({ length: size }, (_, at) => rows(x, [...index, at]))
}

/** Checks one `expression // => value` of a page. */
export function claim(line: number, actual: unknown, expected: unknown): void {
  expect(plain(actual), `line ${line}`).toEqual(plain(expected))
}
