/** Small key sets in the tiers of the property tests: integers times a power of two, and those moved by a unit in the last place. */
import fc from 'fast-check'

export type Keys = number[][]

export const small: fc.Arbitrary<number> = fc.integer({ min: -3, max: 3 })
const size = { n: fc.integer({ min: 1, max: 7 }), d: fc.integer({ min: 1, max: 3 }) }
export const matrix = (entry: fc.Arbitrary<number>): fc.Arbitrary<Keys> =>
  fc.record(size).chain(({ n, d }) => {
    return fc.array(fc.array(entry, { minLength: d, maxLength: d }), { minLength: n, maxLength: n })
  })
export const integers: fc.Arbitrary<Keys> = matrix(small)
export const exponent: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -1074, -1022, 1000),
  fc.integer({ min: -500, max: 500 }),
)
export const times = (keys: Keys, factor: number): Keys => keys.map((key) => key.map((x) => x * factor))

/** The double next to x: one up or down in the order of the bits, where 0 and −0 are one. */
export function next(x: number, step: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigInt64(0) * (x < 0 ? -1n : 1n) + BigInt(step)
  view.setBigInt64(0, bits < 0n ? -bits : bits)
  return bits < 0n ? -view.getFloat64(0) : view.getFloat64(0)
}

export const exactSets: fc.Arbitrary<Keys> = fc
  .record({ keys: integers, k: exponent })
  .map(({ keys, k }) => times(keys, 2 ** k))
const ulps = fc.constantFrom(0, 0, 1, -1)
export const perturbedSets: fc.Arbitrary<Keys> = fc
  .record({
    keys: integers,
    k: fc.integer({ min: -500, max: 500 }),
    seed: fc.array(ulps, { minLength: 21, maxLength: 21 }),
  })
  .map(({ keys, k, seed }) => times(keys, 2 ** k).map((key, j) => key.map((x, c) => next(x, seed[(j * 3 + c) % 21]))))
export const sets: fc.Arbitrary<Keys> = fc.oneof(exactSets, perturbedSets)
