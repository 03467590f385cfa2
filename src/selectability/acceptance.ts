/** How far apart scores in floats must be, so that a query is accepted without exact arithmetic. */
import { gamma } from './bounds.ts'
import { ldexp } from './exact/dyadic.ts'
import type { Frame } from './prepare.ts'

/**
 * The gap, over ‖q‖ and in units of z, beyond which a computed gap for distinct key v proves more than `tolerance`.
 *
 * `|fl(q·z_j) − q·(k_j·2^p − c)| <= γ_{d+1}·‖q‖·‖z_j‖` in any order of summation; the walk adds the bound to key v's product, one
 * rounding more. The Gram pass takes ‖z_v‖² from the rounded norm: a root squared is off by 2u, so γ_{d+3}, of which the rival's product
 * pays one. The last factor covers the rounding of the norms and of this bound, and (d + 2)·2^−1020 what underflows.
 */
export function acceptanceGap(frame: Frame, v: number, tolerance: number): number {
  return acceptance(frame, tolerance)(v)
}

/** The gap is `(tolerance + relative·(‖z_v‖ + L) + absolute)·factor`, tolerance and lengths in units of z, L the largest. */
export function acceptanceTerms(d: number): { relative: number; absolute: number; factor: number } {
  return { relative: gamma(d + 2), absolute: (d + 2) * 2 ** -1020, factor: 1 + gamma(2 * d + 16) }
}

/** `acceptanceGap` of one key after another. */
export function acceptance({ keys: { d }, norms, largest, exponent }: Frame, tolerance: number): (v: number) => number {
  const scaled = ldexp(tolerance, -exponent)
  const { relative, absolute, factor } = acceptanceTerms(d)
  return (v) => (scaled + (relative * (norms[v] + largest) + absolute)) * factor
}

/** The Gram pass leaves shorter keys open: the squares of their coordinates would underflow, and with them the bound. */
const shortest = 2 ** -500

/**
 * What products with a key must stay below, so that the Gram pass settles it: `‖z_v‖² − gap·‖z_v‖`, lower by more than the two roundings of
 * that; −Infinity where it cannot be settled.
 */
export function gramCeilings(frame: Frame, tolerance: number): Float64Array {
  const gap = acceptance(frame, tolerance)
  return frame.norms.map((norm, v) => {
    const ceiling = norm * norm * (1 - 2 ** -51) - gap(v) * norm
    return norm > shortest && ceiling > 0 ? ceiling : -Infinity
  })
}
