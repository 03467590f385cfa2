/** What every kernel asks of its arguments: sizes that are integers, and buffers that hold them. */

/** Storage that kernels read and write. Sums run in float64 whichever it is; results are rounded once, when stored. */
export type Floats = Float64Array | Float32Array

/**
 * A wrong value in an error message. Of an object only that it is one: its own words are code of the caller's, may be as long as it is, and
 * a detached array has none.
 */
export function tell(x: unknown): string {
  if (typeof x === 'object' && x !== null) return Array.isArray(x) ? 'an array' : 'an object'
  if (typeof x === 'string') return `the string ${JSON.stringify(x.slice(0, 40))}`
  return typeof x === 'function' ? 'a function' : String(x)
}

/** @throws TypeError when a size is no number; RangeError when it is not an integer >= 0. */
export function checkSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (typeof size !== 'number') throw new TypeError(`${name}: expected an integer >= 0, got ${tell(size)}`)
    if (!(Number.isSafeInteger(size) && size >= 0)) {
      throw new RangeError(`${name}: expected an integer >= 0, got ${size}`)
    }
  }
}

/** @throws TypeError unless it is a number, RangeError unless it is finite. */
export function checkScale(scale: number): void {
  if (typeof scale !== 'number') throw new TypeError(`scale: expected a finite number, got ${tell(scale)}`)
  if (!Number.isFinite(scale)) throw new RangeError(`scale: expected a finite number, got ${scale}`)
}

/** @throws TypeError when there is no buffer; RangeError when it holds fewer than `length` numbers (a detached one holds none). */
export function checkLength(name: string, x: { readonly length: number } | null | undefined, length: number): void {
  if (typeof x !== 'object' || x === null) throw new TypeError(`${name}: expected a typed array, got ${tell(x)}`)
  if (!(x.length >= length)) throw new RangeError(`${name}: expected at least ${length} numbers, got ${x.length}`)
}
