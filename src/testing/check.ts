/** The arguments of this entry's functions, checked. */
import type { SizeOptions } from './types.ts'

/** What is called of fast-check. */
const needed = ['assert', 'property', 'record', 'oneof', 'array', 'integer', 'nat', 'constantFrom'] as const

/** What kind of thing came, in the words of an error message. */
export function kind(x: unknown): string {
  return x === null ? 'null' : Array.isArray(x) ? 'array' : typeof x
}

/** @throws TypeError unless it is the fast-check module. */
export function checkFastCheck(fc: unknown): void {
  const found = typeof fc === 'object' && fc !== null ? fc : {}
  const missing = needed.find((name) => typeof (found as Record<string, unknown>)[name] !== 'function')
  if (missing === undefined) return
  const got = fc === null || fc === undefined ? String(fc) : `${typeof fc} without ${missing}()`
  throw new TypeError(
    `fc: expected the fast-check module, got ${got}; npm install --save-dev fast-check, then import fc from 'fast-check'`,
  )
}

/** @throws TypeError unless it is an object. */
export function checkOptions(options: unknown, name = 'options'): void {
  if (kind(options) !== 'object') throw new TypeError(`${name}: expected an object, got ${kind(options)}`)
}

/** @throws TypeError for a wrong kind of thing, RangeError unless it is an integer of at least `least`. */
export function checkInteger(name: string, x: unknown, least: number): void {
  const wanted = Number.isFinite(least) ? `an integer >= ${least}` : 'an integer'
  if (typeof x !== 'number') throw new TypeError(`${name}: expected ${wanted}, got ${kind(x)}`)
  if (!(Number.isSafeInteger(x) && x >= least)) throw new RangeError(`${name}: expected ${wanted}, got ${x}`)
}

/** What every arbitrary takes. */
export function checkDraw(fc: unknown, sizes: SizeOptions): void {
  checkFastCheck(fc)
  checkOptions(sizes, 'sizes')
  const { minKeys = 1, maxKeys = minKeys, minDimension = 1, maxDimension = minDimension } = sizes
  for (const [name, x] of Object.entries({ minKeys, maxKeys, minDimension, maxDimension })) checkInteger(name, x, 1)
}
