/**
 * Exact solutions of integer equations by p-adic lifting: J. D. Dixon, *Exact solution of linear equations using P-adic
 * expansions*, Numer. Math. 40, 1982, doi:10.1007/BF01459082.
 *
 * One inverse modulo a prime p serves every step: with `C = M⁻¹ mod p`, the digits `y = C·r mod p`, `r ← (r − M·y)/p` are the
 * solution's expansion in powers of p, and Hadamard's inequality says how many of them fix it as a fraction. All inner loops run
 * in floats: residues and digits of M are below 2^b with m·2^2b < 2^53, so sums of m products are exact.
 * The result is not believed: it is put into every equation, in integers, before it is returned.
 */
import { bitLength } from './dyadic.ts'
import { dotIntegers } from './linear.ts'
import { multiplyRows } from './rows.ts'

/** A matrix is singular modulo a given prime with probability about 2^−20; after this many primes it is taken as singular. */
const mostPrimes = 4

/** `x_c = numerators_c/denominator`, denominator > 0. */
export interface Fractions {
  readonly numerators: bigint[]
  readonly denominator: bigint
}

function isPrime(x: number): boolean {
  for (let f = 2; f * f <= x; f++) if (x % f === 0) return false
  return true
}

function primeBelow(x: number): number {
  let p = x - 1
  while (!isPrime(p)) p--
  return p
}

function inverseModulo(x: number, p: number): number {
  let [a, b, s, t] = [x, p, 1, 0]
  while (b !== 0) {
    const quotient = Math.floor(a / b)
    ;[a, b, s, t] = [b, a - quotient * b, t, s - quotient * t]
  }
  return s
}

/** Bits of a digit and of a prime below it, for sums of m products. */
function digitBits(m: number): number {
  return Math.floor((52 - Math.log2(m)) / 2)
}

/**
 * The residue of an integer x modulo p of least magnitude, for |x| < 2^52, or where that is about p/2 perhaps the other: the quotient is
 * rounded, so that multiples of p give 0. In floats `%` takes ten times as long.
 */
function reduceModulo(x: number, p: number, inverse: number): number {
  return x - p * Math.floor(x * inverse + 0.5)
}

/** `row ← row − factor·other mod p`, from column `from` on. */
function eliminate(row: Float64Array, other: Float64Array, factor: number, from: number, p: number): void {
  const inverse = 1 / p
  for (let c = from; c < row.length; c++) row[c] = reduceModulo(row[c] - factor * other[c], p, inverse)
}

function residuesOf(rows: readonly (readonly bigint[])[], p: number): Float64Array[] {
  const big = BigInt(p)
  return rows.map((row) => Float64Array.from(row, (x) => Number(x % big)))
}

/** The first rows that are independent modulo p, at most m of them, m the length of a row. */
function independentRows(residues: readonly Float64Array[], m: number, p: number): number[] {
  const reduced: Float64Array[] = []
  const leads: number[] = []
  const chosen: number[] = []
  for (let r = 0; r < residues.length && chosen.length < m; r++) {
    const row = residues[r].slice()
    reduced.forEach((other, at) => {
      const factor = row[leads[at]]
      if (factor !== 0) eliminate(row, other, factor, leads[at], p)
    })
    const lead = row.findIndex((x) => x !== 0)
    if (lead < 0) continue
    const inverse = inverseModulo(row[lead], p)
    reduced.push(row.map((x) => (x * inverse) % p))
    leads.push(lead)
    chosen.push(r)
  }
  return chosen
}

/** Gauss–Jordan modulo p, row-major; the matrix is not singular. */
function invertModulo(residues: readonly Float64Array[], m: number, p: number): Float64Array {
  const width = 2 * m
  const table = residues.map((row, r) => {
    const wide = new Float64Array(width)
    wide.set(row)
    wide[m + r] = 1
    return wide
  })
  for (let k = 0; k < m; k++) {
    const at = table.findIndex((row, r) => r >= k && row[k] !== 0)
    const pivot = table[at]
    table[at] = table[k]
    table[k] = pivot
    const inverse = inverseModulo(pivot[k], p)
    for (let c = k; c < width; c++) pivot[c] = (pivot[c] * inverse) % p
    for (let r = 0; r < m; r++) {
      const factor = table[r][k]
      if (r === k || factor === 0) continue
      eliminate(table[r], pivot, factor, k, p)
    }
  }
  const out = new Float64Array(m * m)
  table.forEach((row, r) => out.set(row.subarray(m), r * m))
  return out
}

/** The matrix in signed digits of `bits` bits, lowest first, each a row-major matrix of floats. */
function digitsOf(matrix: readonly (readonly bigint[])[], m: number, bits: number): Float64Array[] {
  const mask = (1n << BigInt(bits)) - 1n
  const digits: Float64Array[] = []
  matrix.forEach((row, r) => {
    row.forEach((entry, c) => {
      const sign = entry < 0n ? -1 : 1
      let rest = entry < 0n ? -entry : entry
      for (let at = 0; rest > 0n; at++) {
        if (digits.length === at) digits.push(new Float64Array(m * m))
        digits[at][r * m + c] = sign * Number(rest & mask)
        rest >>= BigInt(bits)
      }
    })
  })
  return digits
}

/** `Σ digits_k·p^k`, by halves. */
function assemble(digits: readonly number[], from: number, to: number, powers: Map<number, bigint>, p: bigint): bigint {
  if (to - from === 1) return BigInt(digits[from])
  const half = 2 ** Math.floor(Math.log2(to - from - 1))
  let power = powers.get(half)
  if (power === undefined) powers.set(half, (power = p ** BigInt(half)))
  return assemble(digits, from, from + half, powers, p) + power * assemble(digits, from + half, to, powers, p)
}

/** The fraction n/d ≡ x with |n| <= limit, by Euclid's algorithm stopped half way; 2·limit² <= modulus. */
function fractionOf(x: bigint, modulus: bigint, limit: bigint): { n: bigint; d: bigint } {
  let [a, b, s, t] = [modulus, ((x % modulus) + modulus) % modulus, 0n, 1n]
  while (b > limit) {
    const quotient = a / b
    ;[a, b, s, t] = [b, a - quotient * b, t, s - quotient * t]
  }
  return t < 0n ? { n: -b, d: -t } : { n: b, d: t }
}

/** Bits that bound every numerator and the denominator: Hadamard's product of row lengths, the right side included. */
function hadamardBits(matrix: readonly (readonly bigint[])[], right: readonly bigint[]): number {
  return matrix.reduce((bits, row, r) => {
    const own = right[r]
    return bits + bitLength(dotIntegers(row, row) + own * own) / 2
  }, 1)
}

function lift(
  matrix: readonly (readonly bigint[])[],
  right: readonly bigint[],
  inverse: Float64Array,
  p: number,
): Fractions {
  const m = matrix.length
  const bits = digitBits(m)
  const digits = digitsOf(matrix, m, bits)
  const bound = Math.ceil(hadamardBits(matrix, right))
  const steps = Math.ceil((2 * bound + 1) / Math.log2(p))
  const big = BigInt(p)
  const shift = BigInt(bits)
  const expansions = Array.from({ length: m }, () => new Array<number>(steps))
  const residues = new Float64Array(m)
  const digit = new Float64Array(m)
  const sums = digits.map(() => new Float64Array(m))
  let rest = [...right]
  for (let step = 0; step < steps; step++) {
    for (let r = 0; r < m; r++) residues[r] = Number(rest[r] % big)
    multiplyRows(inverse, m, m, residues, digit)
    for (let r = 0; r < m; r++) {
      digit[r] = reduceModulo(digit[r], p, 1 / p)
      expansions[r][step] = digit[r]
    }
    digits.forEach((layer, at) => multiplyRows(layer, m, m, digit, sums[at]))
    rest = rest.map((value, r) => {
      let product = 0n
      for (let at = digits.length - 1; at >= 0; at--) product = (product << shift) + BigInt(sums[at][r])
      return (value - product) / big
    })
  }
  const modulus = big ** BigInt(steps)
  const limit = 1n << BigInt(bound)
  const powers = new Map<number, bigint>()
  let denominator = 1n
  const found: { n: bigint; d: bigint }[] = []
  for (const expansion of expansions) {
    const { n, d } = fractionOf(assemble(expansion, 0, steps, powers, big) * denominator, modulus, limit)
    denominator *= d
    found.push({ n, d: denominator })
  }
  return { numerators: found.map(({ n, d }) => n * (denominator / d)), denominator }
}

/** Rows without the power of two that their entries, and the right side's, share. */
function withoutTwos(rows: readonly (readonly bigint[])[], right: readonly bigint[]): [bigint[][], bigint[]] {
  const lowered = rows.map((row, r) => {
    const all = [...row, right[r]]
    const set = all.reduce((bits, x) => bits | x, 0n)
    const shift = BigInt((set & -set).toString(2).length - 1)
    return all.map((x) => x >> shift)
  })
  return [lowered.map((all) => all.slice(0, -1)), lowered.map((all) => all[all.length - 1])]
}

/**
 * The only solution of integer equations `rows·x = right`, proven by putting it into all of them; null when there is none, or
 * when modulo several primes the unknowns are not independent. `rows` may be more than unknowns.
 *
 * Complexity: O(m³) float operations, then O(m·bits) steps of O(m²) float operations each, for m unknowns.
 */
export function solveUnique(rows: readonly (readonly bigint[])[], right: readonly bigint[]): Fractions | null {
  const m = rows[0]?.length ?? 0
  if (m === 0 || rows.length < m) return null
  const [lowered, sides] = withoutTwos(rows, right)
  let p = 2 ** digitBits(m)
  for (let attempt = 0; attempt < mostPrimes; attempt++) {
    p = primeBelow(p)
    const residues = residuesOf(lowered, p)
    const chosen = independentRows(residues, m, p)
    if (chosen.length < m) continue
    const square = chosen.map((r) => lowered[r])
    const inverse = invertModulo(
      chosen.map((r) => residues[r]),
      m,
      p,
    )
    const solution = lift(
      square,
      chosen.map((r) => sides[r]),
      inverse,
      p,
    )
    const holds = lowered.every((row, r) => dotIntegers(row, solution.numerators) === sides[r] * solution.denominator)
    return holds ? solution : null
  }
  return null
}

/** Rows that are independent, proven modulo a prime: a rank is never larger there. Others may be too, but for unlikely primes are not. */
export function independentOf(rows: readonly (readonly bigint[])[]): number[] {
  const p = primeBelow(2 ** digitBits(1))
  return independentRows(residuesOf(rows, p), rows[0]?.length ?? 0, p)
}

/** Whether points span all d coordinates, proven modulo a prime. False leaves it open. */
export function spansSpace(points: readonly (readonly bigint[])[], d: number): boolean {
  return independentOf(points.map((point) => point.slice(0, d))).length === d
}
