/** The proofs of a block of keys in few typed arrays: they cross from thread to thread without a copy, and take little memory. */
import type { HullProof, Proof } from './proof.ts'
import type { Verdict } from './types.ts'

/** Verdicts in the order of their codes. */
export const verdictNames: readonly Verdict[] = ['selectable', 'tied', 'unselectable']

const verdictBits = 3
const hasQuery = 4
const hasWeights = 8
const isExact = 16
const hasIntegers = 32

/** Queries, supports, weights and integer queries lie one after another, in the order of the keys that have them. */
export interface PackedProofs {
  /** For each key its verdict's code, and bits for what its proof holds. */
  readonly marks: Uint8Array
  /** For each key the size of its support. */
  readonly sizes: Uint32Array
  readonly queries: Float64Array
  readonly supports: Uint32Array
  readonly weights: Float64Array
  readonly integers: readonly (readonly bigint[])[]
}

function supportOf(proof: Proof): Uint32Array | null {
  if (proof.verdict === 'selectable') return null
  return 'simplex' in proof ? proof.simplex : proof.support
}

/** Arrays one after another, in one of their kind. */
export function join<T extends Float64Array | Uint32Array | Int32Array>(
  parts: readonly T[],
  make: (length: number) => T,
): T {
  const whole = make(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Packs proofs; without `keep` the verdicts alone. */
export function packProofs(proofs: readonly Proof[], keep: boolean): PackedProofs {
  const marks = new Uint8Array(proofs.length)
  const sizes = new Uint32Array(proofs.length)
  const queries: Float64Array[] = []
  const supports: Uint32Array[] = []
  const weights: Float64Array[] = []
  const integers: (readonly bigint[])[] = []
  proofs.forEach((proof, at) => {
    marks[at] = verdictNames.indexOf(proof.verdict)
    if (!keep) return
    const support = supportOf(proof)
    if (support !== null) {
      sizes[at] = support.length
      supports.push(support)
    }
    if ('weights' in proof) {
      marks[at] |= proof.exact ? hasWeights | isExact : hasWeights
      weights.push(proof.weights)
    }
    if ('query' in proof) {
      marks[at] |= hasQuery
      queries.push(proof.query)
      if (proof.exactQuery !== undefined) {
        marks[at] |= hasIntegers
        integers.push(proof.exactQuery)
      }
    }
  })
  return {
    marks,
    sizes,
    queries: join(queries, (length) => new Float64Array(length)),
    supports: join(supports, (length) => new Uint32Array(length)),
    weights: join(weights, (length) => new Float64Array(length)),
    integers,
  }
}

export function packedVerdict({ marks }: PackedProofs, at: number): Verdict {
  return verdictNames[marks[at] & verdictBits]
}

/** The proof of key `at` of the block, as it was packed; d is the dimension of queries. */
export function unpackProof({ marks, sizes, ...all }: PackedProofs, at: number, d: number): Proof {
  let query = 0
  let support = 0
  let weight = 0
  let integer = 0
  for (let before = 0; before < at; before++) {
    if (marks[before] & hasQuery) query += d
    if (marks[before] & hasWeights) weight += sizes[before]
    if (marks[before] & hasIntegers) integer++
    support += sizes[before]
  }
  const mark = marks[at]
  const verdict = packedVerdict({ marks, sizes, ...all }, at)
  const keys = all.supports.slice(support, support + sizes[at])
  if (!(mark & hasQuery) && !(mark & hasWeights)) return { verdict: 'unselectable', simplex: keys }
  const exactQuery = mark & hasIntegers ? { exactQuery: all.integers[integer] } : {}
  const q = { query: all.queries.slice(query, query + d), ...exactQuery }
  if (verdict === 'selectable') return { verdict, ...q }
  const weights = all.weights.slice(weight, weight + sizes[at])
  const hull: HullProof = { support: keys, weights, exact: (mark & isExact) !== 0 }
  return verdict === 'tied' ? { verdict, ...q, ...hull } : { verdict, ...hull }
}
