/** Exact solutions by lifting: against their own equations, where primes fail, and what is said of ranks. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { independentOf, solveUnique, spansSpace } from '../src/selectability/exact/padic.ts'
import { fraction, solve } from './reference/solve.ts'

const big = (rows: number[][]): bigint[][] => rows.map((row) => row.map(BigInt))

/** The first primes below 2^26, which one unknown and two are lifted by, and those below 2^25, for three to eight. */
const primesBelow = (limit: number, count: number): bigint[] => {
  const isPrime = (x: number): boolean => {
    for (let f = 2; f * f <= x; f++) if (x % f === 0) return false
    return true
  }
  const found: bigint[] = []
  for (let x = limit - 1; found.length < count; x--) if (isPrime(x)) found.push(BigInt(x))
  return found
}
const product = (factors: bigint[]): bigint => factors.reduce((all, p) => all * p, 1n)

describe('a matrix that is singular modulo a prime', () => {
  const primes = primesBelow(2 ** 25, 5)

  test('is lifted by the next', () => {
    const few = primesBelow(2 ** 26, 1)
    for (const divisor of [...few, primes[0], primes[0] * primes[1], product(primes.slice(0, 3))]) {
      expect(solveUnique([[divisor]], [3n * divisor])).toEqual({ numerators: [3n], denominator: 1n })
      const rows = [[divisor, 1n, 0n], [divisor, 2n, 1n], [0n, 0n, 1n]] // prettier-ignore
      expect(solveUnique(rows, [1n, 2n, 0n])).toEqual({ numerators: [0n, 1n, 0n], denominator: 1n })
      expect(solveUnique(rows, [3n * divisor, 3n * divisor, 0n])).toEqual({ numerators: [3n, 0n, 0n], denominator: 1n })
    }
  })

  test('and three more is given up', () => {
    const rows = (divisor: bigint): bigint[][] => [[divisor, 0n, 0n], [0n, 1n, 0n], [0n, 0n, 1n]] // prettier-ignore
    expect(solveUnique(rows(product(primes.slice(0, 3))), [1n, 1n, 1n])).not.toBe(null)
    expect(solveUnique(rows(product(primes.slice(0, 4))), [1n, 1n, 1n])).toBe(null)
  })
})

describe('solutions', () => {
  const systems = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(2, 1000, 2 ** 40)).chain(([m, most]) =>
    fc.record({
      rows: fc.array(fc.array(fc.integer({ min: -most, max: most }), { minLength: m, maxLength: m }), {
        minLength: m,
        maxLength: m,
      }),
      right: fc.array(fc.integer({ min: -most, max: most }), { minLength: m, maxLength: m }),
      shift: fc.nat(200),
    }),
  )
  propertyTest.prop({ system: systems }, { numRuns: 150 })('are those of elimination in fractions', ({ system }) => {
    const { rows, right, shift } = system
    const expected = solve(
      rows.map((row) => row.map(fraction)),
      right.map(fraction),
    )
    // Each equation may be taken times a power of two.
    const found = solveUnique(
      big(rows).map((row, r) => row.map((x) => x << BigInt(r * shift))),
      right.map((x, r) => BigInt(x) << BigInt(r * shift)),
    )
    expect(found === null).toBe(expected === null)
    if (found === null) return
    expect(found.denominator > 0n).toBe(true)
    expected?.forEach(({ n, d }, s) => expect(found.numerators[s] * d).toBe(n * found.denominator))
    const divide = (a: bigint, b: bigint): bigint => (b === 0n ? a : divide(b, a % b))
    const common = found.numerators.reduce((all, x) => divide(all, x < 0n ? -x : x), found.denominator)
    expect(common).toBe(1n)
  })

  test('of the first equations are those of all, or none', () => {
    const rows = big([[1, 2], [2, 4], [3, 1], [4, 3]]) // prettier-ignore
    expect(solveUnique(rows, [5n, 10n, 5n, 10n])).toEqual({ numerators: [1n, 2n], denominator: 1n })
    expect(solveUnique(rows, [5n, 10n, 5n, 11n])).toBe(null)
    expect(solveUnique(rows, [5n, 11n, 5n, 10n])).toBe(null)
    expect(solveUnique(rows.slice(0, 2), [5n, 10n])).toBe(null)
    expect(solveUnique(rows.slice(0, 1), [5n])).toBe(null)
    expect(solveUnique([], [])).toBe(null)
    expect(solveUnique([[], []], [0n, 0n])).toBe(null)
  })

  test('may be as long as the lengths of rows and right side allow', () => {
    // Rows of Pythagorean triples, so that a row and its right side are as long as each other.
    const triple = (a: number, b: number): bigint[] => [2 * a * b, a * a - b * b, a * a + b * b].map(BigInt)
    const rows = [triple(1000003, 999), triple(999983, 400009)]
    const found = solveUnique(
      rows.map((row) => row.slice(0, 2)),
      rows.map((row) => row[2]),
    )
    const [[a, b, c], [d, e, f]] = rows
    expect(found?.numerators[0] ?? 0n).not.toBe(0n)
    expect((found?.numerators[0] ?? 0n) * (a * e - b * d)).toBe((c * e - b * f) * (found?.denominator ?? 0n))
  })
})

describe('ranks modulo a prime', () => {
  const p = primesBelow(2 ** 26, 1)[0]

  test('name the first rows that are independent', () => {
    expect(independentOf([])).toEqual([])
    expect(independentOf(big([[0, 0, 0], [2, 4, 6], [1, 2, 3], [0, 1, 1], [2, 5, 7], [1, 0, 0], [5, 5, 5]]))).toEqual([1, 3, 5]) // prettier-ignore
    // Multiples of p are 0, however many times p they are.
    for (const k of [1n, 2n, 3n, 12345n, p - 1n, p * p]) expect(independentOf([[k * p, 0n], [0n, -k * p], [p, 1n]])).toEqual([2]) // prettier-ignore
    for (let k = 1n; k < 40n; k++) {
      const row = [1n, k, k * k]
      expect(independentOf([row, row.map((x) => k * x), row.map((x) => -(k + 7n) * x), [1n, 0n, 0n]])).toEqual([0, 3])
      const far = [p - 1n - k, p / k, k]
      expect(independentOf([far, far.map((x) => (p - k) * x), far.map((x) => x * x + 1n)])).toEqual([0, 2])
    }
  })

  test('leave open what is singular there alone', () => {
    expect(spansSpace([[1n, 0n], [0n, 1n]], 2)).toBe(true) // prettier-ignore
    expect(spansSpace([[1n, 0n], [0n, p]], 2)).toBe(false) // prettier-ignore
    expect(spansSpace([[1n, 2n], [2n, 4n]], 2)).toBe(false) // prettier-ignore
    // What a point has past d does not count.
    expect(spansSpace([[1n, 2n, 0n], [2n, 4n, 1n]], 2)).toBe(false) // prettier-ignore
    expect(spansSpace([[1n, 2n, 0n], [2n, 5n, 0n]], 2)).toBe(true) // prettier-ignore
    expect(spansSpace([], 1)).toBe(false)
  })
})
