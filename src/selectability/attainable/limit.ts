/**
 * Which keys a key can leave behind when queries may be as long as they like.
 *
 * A selectable key leaves all others behind. A tied key has a query that puts it at the maximum with others below: these lose all weight
 * along it, and the same question is asked again among the rest, until no query puts a key below. What is left is the smallest face
 * of the hull that the key lies on, and the best weight is that among the face's keys (facial reduction; see `exact/decide.ts`).
 */
import { scoreGaps } from '../bounds.ts'
import { certifyKey } from '../certify.ts'
import { commonIntegers, compare, dyadic, multiply, square } from '../exact/dyadic.ts'
import { integerKeys, minus } from '../exact/integers.ts'
import { dotIntegers } from '../exact/linear.ts'
import { exponentOf } from '../keyset.ts'
import type { KeySet } from '../keyset.ts'
import type { Certificate, TiedCertificate } from '../types.ts'

/** The rivals that stay, and queries that leave the others behind. */
export interface Limit {
  readonly face: Uint32Array
  readonly escapes: readonly Escape[]
}

/** A query that scores key i above the rivals `behind`, and no lower than any that stays. */
export interface Escape {
  readonly query: Float64Array
  readonly behind: Uint32Array
}

/** Key i, first, among some rivals, without bias. */
export function among({ data, d }: KeySet, i: number, rivals: Uint32Array): KeySet {
  const rows = new Float64Array((rivals.length + 1) * d)
  rows.set(data.subarray(i * d, (i + 1) * d))
  rivals.forEach((j, s) => rows.set(data.subarray(j * d, (j + 1) * d), (s + 1) * d))
  return { data: rows, n: rivals.length + 1, d, bias: null, exponent: exponentOf(rows) }
}

/** For every key of a set whether key 0 scores more than `tolerance·‖query‖` above it; exact where rounding leaves it open. */
function leaves(
  keys: KeySet,
  query: Float64Array,
  exactQuery: readonly bigint[] | undefined,
  tolerance: number,
): boolean[] {
  const { integers, e } = exactQuery === undefined ? commonIntegers(query) : { integers: [...exactQuery], e: 0 }
  const sqLimit = multiply(square(dyadic(tolerance)), { m: dotIntegers(integers, integers), e: 2 * e })
  const { gap, error } = scoreGaps(keys, 0, query)
  return Array.from(gap, (value, j) => {
    if (j === 0) return false
    if (exactQuery === undefined && tolerance === 0 && Math.abs(value) > error[j]) return value > 0
    const { rows, keyExponent } = integerKeys(keys, [0, j])
    const exact = { m: dotIntegers(integers, minus(rows[0] ?? [], rows[1] ?? [])), e: e + keyExponent }
    return exact.m > 0n && compare(square(exact), sqLimit) > 0
  })
}

/** The rivals that a tie's query leaves behind, and what is proven of the key among the others; null where it must not leave any. */
function reduce(
  keys: KeySet,
  i: number,
  face: Uint32Array,
  tie: TiedCertificate,
  tolerance: number,
): { behind: Uint32Array; face: Uint32Array; certificate: Certificate } | null {
  const gone = leaves(among(keys, i, face), tie.query, tie.exactQuery, tolerance)
  // Above tolerance 0 a key that is left behind may be in the support, with next to no weight: it stays only if it must.
  const held = new Set(tie.support)
  for (const leaving of [gone, gone.map((below, s) => below && !held.has(s))]) {
    const rest = face.filter((_, s) => !leaving[s + 1])
    if (rest.length === face.length || rest.length === 0) continue
    const certificate = certifyKey({ keys: among(keys, i, rest), tolerance }, 0)
    if (certificate.verdict === 'selectable') continue
    return { behind: face.filter((_, s) => leaving[s + 1]), face: rest, certificate }
  }
  return null
}

/** Each round leaves at least one key behind, so there are fewer than n. */
export function limitOf(keys: KeySet, i: number, rivals: Uint32Array, tolerance: number): Limit {
  const escapes: Escape[] = []
  let face = rivals
  let certificate = certifyKey({ keys: among(keys, i, face), tolerance }, 0)
  if (certificate.verdict === 'selectable') {
    return { face: new Uint32Array(0), escapes: [{ query: certificate.query, behind: face }] }
  }
  while (certificate.verdict === 'tied') {
    const smaller = reduce(keys, i, face, certificate, tolerance)
    if (smaller === null) break
    escapes.push({ query: certificate.query, behind: smaller.behind })
    ;({ face, certificate } = smaller)
  }
  return { face, escapes }
}
