/** How much attention a query can give: all of it to a selectable key, at most 1/(1 + e^H) to any other. */
import { attentionWeights, certify } from '../../index.ts'
import { integerRows } from '../arbitraries.ts'
import { interiorKeys, vertexKeys } from '../planted.ts'
import type { InteriorKey, VertexKey } from '../planted.ts'
import { claim, dot, dotSize, entropy, gamma, largest } from '../rounding.ts'
import { seeded } from '../seeded.ts'
import type { Rows, Theorem } from '../types.ts'
import { spread } from './spread.ts'

const exact = { tolerance: 0 }

function weightOf(keys: Rows, key: number, query: readonly number[]): number {
  return attentionWeights([query], keys, { scale: 1 }).get(0, key)
}

/** By how much differences of scores may be off: two dot products and their subtraction. */
function scoreError(keys: Rows, query: readonly number[]): number {
  return 2 * gamma(query.length + 2) * Math.max(...keys.map((x) => dotSize(query, x)))
}

/** The lead of the query for the key, less than what rounding may have added. */
function provenLead(keys: Rows, key: number, query: readonly number[]): number {
  const rivals = keys.filter((_, j) => j !== key)
  return dot(query, keys[key]) - Math.max(...rivals.map((x) => dot(query, x))) - scoreError(keys, query)
}

interface Wanted extends VertexKey {
  /** The weight to reach, from 1/n to below 1. */
  readonly weight: number
}

export const selectableCanTakeAll: Theorem<Wanted> = {
  id: 'selectable-can-take-all',
  statement:
    'If $q$ leads for key $i$ by $g = q \\cdot k_i - \\max_{j \\ne i} q \\cdot k_j > 0$, the query $t q$ gives it a weight of at least ' +
    '$1 / (1 + (n - 1) e^{-t g})$, which comes as near 1 as wanted.',
  hypotheses: ['q leads for the key'],
  source: 'Brody, Alon and Yahav 2023, section 4, arXiv:2305.02582',
  arbitrary: (fc) => {
    const weight = fc.oneof(
      fc.constant(0.5),
      fc.integer({ min: 2, max: 40 }).map((k) => 1 - 2 ** -k),
    )
    return fc.record({ planted: vertexKeys(fc), weight }).map(({ planted, weight }) => ({ ...planted, weight }))
  },
  about: (keys) =>
    spread(keys.length).flatMap((key) => {
      const certificate = certify(keys, key)
      if (certificate.verdict !== 'selectable' || keys.length === 1) return []
      const query = Array.from(certificate.query)
      return provenLead(keys, key, query) > 0 ? [{ keys, key, query, weight: 0.99 }] : []
    }),
  check({ keys, key, query, weight }) {
    const n = keys.length
    const lead = n === 1 ? Infinity : provenLead(keys, key, query)
    claim(lead > 0, () => `the query does not lead for key ${key}`)
    const t = n === 1 ? 0 : Math.max(0, Math.log(((n - 1) * weight) / (1 - weight))) / lead
    const longer = query.map((x) => t * x)
    const reached = weightOf(keys, key, longer)
    // Scores off by E change the odds by e^E; the exponentials, their sum and t·q by a rounding each.
    const slack = Math.expm1(scoreError(keys, longer)) + gamma(n + 40)
    claim(reached >= weight * (1 - slack), () => `key ${key} gets ${reached}, expected at least ${weight}`)
  },
}

interface Asked extends InteriorKey {
  readonly query: readonly number[]
}

/**
 * By how much the average of the support's scores may differ from the key's: the weights are correctly rounded and the two
 * sides computed.
 */
function averageError({ keys, key, support, weights, query }: Asked): number {
  const size = query.map((q, c) => {
    const average = support.reduce((total, j, s) => total + weights[s] * Math.abs(keys[j][c]), Math.abs(keys[key][c]))
    return Math.abs(q) * average
  })
  return gamma(support.length + query.length + 4) * size.reduce((total, x) => total + x, 0)
}

function allowedError(asked: Asked): number {
  const E = averageError(asked) + scoreError(asked.keys, asked.query)
  return Math.expm1(2 * E) + gamma(asked.keys.length + 40)
}

/** A query of integers, or one that scores the keys within 8 of 0. */
function sized(keys: Rows, query: readonly number[], size: number): number[] {
  const top = Math.max(...keys.map((x) => dotSize(query, x)))
  return query.map((x) => (top === 0 ? x : (size * x) / top))
}

export const unselectableCannotDominate: Theorem<Asked> = {
  id: 'unselectable-cannot-dominate',
  statement:
    'If $k_i = \\sum_j w_j k_j$ with convex weights on other keys, of entropy $H = -\\sum_j w_j \\log w_j$, then no query gives key $i$ ' +
    'a weight above $1 / (1 + e^H) \\le 1/2$.',
  hypotheses: ['the weights are convex and give the key'],
  source: 'Jensen: Σ_j e^(s_j − s_i) >= e^(H + Σ_j w_j(s_j − s_i)) = e^H',
  arbitrary: (fc) =>
    fc
      .record({
        planted: interiorKeys(fc),
        query: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }),
        size: fc.integer({ min: 0, max: 40 }),
      })
      .map(({ planted, query, size }) => ({
        ...planted,
        query: sized(planted.keys, query.slice(0, planted.keys[0].length), size),
      })),
  about(keys) {
    const uniform = seeded('queries')
    return spread(keys.length).flatMap((key) => {
      const certificate = certify(keys, key, exact)
      if (certificate.verdict === 'selectable') return []
      const [support, weights] = [Array.from(certificate.support), Array.from(certificate.weights)]
      const queries = [keys[key], keys[key].map(() => 2 * uniform() - 1)].map((query) => sized(keys, query, 8))
      return queries.map((query) => ({ keys, key, support, weights, query }))
    })
  },
  check(asked) {
    const { keys, key, weights, query } = asked
    const bound = 1 / (1 + Math.exp(entropy(weights)))
    const weight = weightOf(keys, key, query)
    claim(weight <= bound * (1 + allowedError(asked)), () => `key ${key} gets ${weight}, expected at most ${bound}`)
  },
}

/** Solves L·q = b for a lower triangular matrix with ones on its diagonal. */
function substitute(L: Rows, b: readonly number[]): number[] {
  const q: number[] = []
  L.forEach((row, r) => q.push(b[r] - dot(row.slice(0, r), q)))
  return q
}

export const entropyBoundIsAttained: Theorem<Asked> = {
  id: 'entropy-bound-is-attained',
  statement:
    'The bound is the best one: when the support is affinely independent and there are no other keys, the query with ' +
    '$q \\cdot (k_j - k_i) = \\log w_j + H$ gives key $i$ exactly the weight $1 / (1 + e^H)$.',
  hypotheses: ['the weights are convex and give the key', 'q solves those equations'],
  source: 'equality in Jensen; in general the largest weight is 1/(1 + e^H*) for the weights of largest entropy H*',
  arbitrary: (fc) =>
    fc
      .record({
        // The first row is the origin of the simplex, the others its edges, made unit lower triangular: of full rank.
        table: integerRows(fc, { minKeys: 4, maxKeys: 4 }),
        shares: fc.array(fc.nat({ max: 7 }), { minLength: 4, maxLength: 4 }),
      })
      .map(({ table, shares }) => {
        const d = table[0].length
        const edges = table.slice(1, d + 1).map((row, r) => row.map((x, c) => (c < r ? x : c === r ? 1 : 0)))
        const corners = [table[0], ...edges.map((edge) => edge.map((x, c) => x + table[0][c]))]
        const counts = corners.map((_, j) => (j === 0 ? 0 : 1 + shares[j]))
        counts[0] = 64 - counts.reduce((total, count) => total + count, 0)
        const weights = counts.map((count) => count / 64)
        // 64 times as large, the combination is of integers.
        const key = table[0].map((_, c) => corners.reduce((total, corner, j) => total + counts[j] * corner[c], 0))
        const keys = [...corners.map((corner) => corner.map((x) => 64 * x)), key]
        const query = substitute(
          edges,
          weights.slice(1).map((w) => Math.log(w / weights[0])),
        ).map((x) => x / 64)
        return { keys, key: corners.length, support: corners.map((_, j) => j), weights, query }
      }),
  about: () => [],
  check(asked) {
    const { keys, key, weights, query } = asked
    const attained = 1 / (1 + Math.exp(entropy(weights)))
    const weight = weightOf(keys, key, query)
    // The logarithms and the substitution, backward stable row by row, are off by what γ_(d+8) of their terms allows.
    const solved =
      gamma(query.length + 8) * (Math.max(...keys.map((x) => dotSize(query, x))) + largest(weights.map(Math.log)))
    const slack = allowedError(asked) + Math.expm1(2 * solved)
    claim(Math.abs(weight - attained) <= attained * slack, () => `key ${key} gets ${weight}, expected ${attained}`)
  },
}
