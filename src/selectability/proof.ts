/** Proofs as the search finds them, and the certificates that they become when someone asks. */
import { u } from './bounds.ts'
import { hullPoint, provenMargin } from './certificate.ts'
import { simplexWithin } from './enclosure.ts'
import { simplexWeights } from './exact/weights.ts'
import type { KeySet } from './keyset.ts'
import type { Certificate } from './types.ts'

/** What is kept of a key's proof; margins and distances are computed from it exactly, on demand. */
export type Proof =
  | { readonly verdict: 'selectable'; readonly query: Float64Array; readonly exactQuery?: readonly bigint[] }
  | (HullProof & { readonly verdict: 'tied'; readonly query: Float64Array; readonly exactQuery?: readonly bigint[] })
  | (HullProof & { readonly verdict: 'unselectable' })
  | SimplexProof

/** Where `exact`, exact weights with distance 0 exist on the support, and `weights` are those rounded. */
export interface HullProof {
  readonly support: Uint32Array
  readonly weights: Float64Array
  readonly exact: boolean
}

/** d + 1 keys of which the key was proven to be inside; their weights are solved for when someone asks, exactly at tolerance 0. */
export interface SimplexProof {
  readonly verdict: 'unselectable'
  readonly simplex: Uint32Array
}

/** `rootRatio` is off by less than a unit in the last place. Times this it is the float before, and a lower bound. */
const roundDown = 1 - u

/** Completes a proof; every number in the certificate comes from exact arithmetic, rounded at the end. */
export function toCertificate(keys: KeySet, key: number, proof: Proof, tolerance: number): Certificate {
  if (proof.verdict === 'selectable') {
    const { verdict, query, exactQuery } = proof
    const exact = exactQuery === undefined ? {} : { exactQuery }
    if (keys.n === 1) return { verdict, key, query, margin: Infinity, runnerUp: -1 }
    const proven = provenMargin(keys, key, query, tolerance, exactQuery)
    return { verdict, key, query, margin: proven.margin * roundDown, runnerUp: proven.runnersUp[0], ...exact }
  }
  if ('simplex' in proof) {
    const { verdict, simplex: support } = proof
    const near = tolerance > 0 ? simplexWithin(keys, key, support, tolerance) : null
    if (near !== null) return toCertificate(keys, key, { verdict, ...near, exact: false }, tolerance)
    return { verdict, key, support, weights: simplexWeights(keys, key, support), distance: 0 }
  }
  const { support, weights, exact } = proof
  const distance = exact ? 0 : Math.min(tolerance, hullPoint(keys, key, support, weights).distance)
  if (proof.verdict === 'unselectable') return { verdict: 'unselectable', key, support, weights, distance }
  const { query, exactQuery } = proof
  const tail = exactQuery === undefined ? {} : { exactQuery }
  return { verdict: 'tied', key, query, support, weights, distance, ...tail }
}
