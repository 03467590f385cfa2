/** A linear system over the rationals, by elimination with fractions: slow, and independent of the library. */
import { decompose } from './rational.ts'

export interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))
const make = (n: bigint, d: bigint): Fraction => {
  const g = gcd(n, d) * (d < 0n ? -1n : 1n)
  return { n: n / g, d: d / g }
}
const minusTimes = (a: Fraction, b: Fraction, c: Fraction): Fraction =>
  make(a.n * b.d * c.d - b.n * c.n * a.d, a.d * b.d * c.d)

export function fraction(x: number): Fraction {
  const { mantissa, exponent } = decompose(x)
  return exponent < 0 ? make(mantissa, 1n << BigInt(-exponent)) : { n: mantissa << BigInt(exponent), d: 1n }
}

/** To within a rounding or two, for fractions of moderate size. */
export function toFloat({ n, d }: Fraction): number {
  const shift = 120n
  return Number((n << shift) / d) / 2 ** 120
}

/** The solution of the square system, or null where it is singular. */
export function solve(rows: readonly (readonly Fraction[])[], right: readonly Fraction[]): Fraction[] | null {
  const table = rows.map((row, r) => [...row, right[r]!])
  const size = table.length
  for (let k = 0; k < size; k++) {
    const pivot = table.findIndex((row, r) => r >= k && row[k]!.n !== 0n)
    if (pivot < 0) return null
    ;[table[k], table[pivot]] = [table[pivot]!, table[k]!]
    const head = table[k]![k]!
    table[k] = table[k]!.map((x) => make(x.n * head.d, x.d * head.n))
    for (let r = 0; r < size; r++) {
      const factor = table[r]![k]!
      if (r === k || factor.n === 0n) continue
      table[r] = table[r]!.map((x, c) => minusTimes(x, factor, table[k]![c]!))
    }
  }
  return table.map((row) => row[size]!)
}

/** Barycentric coordinates of a point in a simplex of d + 1 corners. */
export function barycentric(corners: readonly (readonly number[])[], point: readonly number[]): Fraction[] | null {
  const rows = point.map((_, c) => corners.map((corner) => fraction(corner[c]!)))
  return solve(
    [...rows, corners.map(() => fraction(1))],
    [...point, 1].map((x) => fraction(x)),
  )
}
