/** The largest weight that attention can give a key: the solver's answer, proven from both sides. */
import { gamma } from '../bounds.ts'
import { addDoubled, hullPoint, lengthAbove, lengthsAbove, pairOf, settle, twoProduct } from '../doubled.ts'
import type { Double, Pair } from '../doubled.ts'
import { dyadic, ldexp, multiply } from '../exact/dyadic.ts'
import type { KeySet } from '../keyset.ts'
import { othersThan, rivalsAround } from '../rivals.ts'
import type { Rivals } from '../rivals.ts'
import type { AttainableWeight } from '../types.ts'
import { provenDepth } from './depth.ts'
import { exactWeights } from './face.ts'
import { limitOf } from './limit.ts'
import type { Limit } from './limit.ts'
import { minimise } from './newton.ts'
import { refineQuery, refineWeights } from './polish.ts'
import { attainPrecisely } from './precisely.ts'
import { agrees, dualBelow, dualEverywhere, weightAbove, weightBelow } from './prove.ts'
import { quickDualBelow, quickWeightBelow } from './quick.ts'
import { spaceOf } from './space.ts'
import type { Space } from './space.ts'

/** Queries of norm at most `maxNorm`, logits `scale·q·k + b`. */
export interface Question {
  readonly maxNorm: number
  readonly scale: number
  /** Without a norm limit, keys this near to the hull of others count as in it. */
  readonly tolerance: number
}

/** A weight that is left behind by this in logits, over all rivals together, is less than a rounding of 1. */
const farBehind = 40

/** Rounds in doubled precision: the first nearly always settles it. */
const rounds = 8

/** Directions in which logits differ by less in the whole ball do not matter. */
const narrowest = 2 ** -44

/** In logits, the longest ball that doubled precision can tell from a longer one; queries are sought in no longer. */
const longest = 2 ** 80

const noWeights = new Float64Array(0)

/** The answer for one key. Complexity: O(n·d²) a step of the solver, of which a few tens are taken. */
export function attainableWeightOf(keys: KeySet, i: number, question: Question): AttainableWeight {
  const { n, d } = keys
  if (n === 1) {
    return {
      weight: 1,
      bound: 1,
      attained: true,
      query: new Float64Array(d),
      support: new Uint32Array(0),
      weights: noWeights,
    }
  }
  const scale = question.maxNorm === 0 ? 0 : question.scale
  const rivals = rivalsAround(keys, i, othersThan(n, i))
  const maxNorm = scale === 0 ? 0 : question.maxNorm
  if (maxNorm === Infinity) return everywhere(keys, i, question)
  const near = inBall(rivals, maxNorm, scale, radiusOf(maxNorm, scale, rivals))
  // With no query but 0 both are sums of the biases' exponentials, which doubled precision has no trouble with.
  if (maxNorm === 0 || agrees(near.weight, near.bound)) return near
  const ball = multiply(dyadic(maxNorm), dyadic(Math.abs(scale)))
  const { p, weights, ...proven } = attainPrecisely(keys, rivals, { m: ball.m, e: ball.e + rivals.exponent }, 0)
  const query = toQuery(pairOf(p), rivals, scale, maxNorm)
  return { ...proven, attained: true, query, ...supportOf(rivals, weights) }
}

/** Of two proofs about the same question the query of one and the weights of the other. */
function better(a: AttainableWeight, b: AttainableWeight): AttainableWeight {
  const { bound, support, weights } = b.bound < a.bound ? b : a
  return { ...(b.weight > a.weight ? b : a), bound, support, weights }
}

/** The ball's radius in the problem's units, where logits are p·a: exact but for underflow. */
function radiusOf(maxNorm: number, scale: number, { exponent }: Rivals): Double {
  const { high, low } = twoProduct(maxNorm, Math.abs(scale))
  return { high: ldexp(high, exponent), low: ldexp(low, exponent) }
}

/** The query in the keys' units, no longer than `maxNorm` whatever its rounding. */
function toQuery({ high, low }: Pair, { exponent, d }: Rivals, scale: number, maxNorm: number): Float64Array {
  if (scale === 0) return new Float64Array(d)
  const query = high.map((x, c) => ldexp((x + low[c]) / scale, -exponent))
  const norm = Math.hypot(...query)
  const most = maxNorm * (1 - gamma(d + 8))
  return norm > most ? query.map((x) => x * (most / norm) * (1 - 2 ** -51)) : query
}

/** The problem's p of a query in the keys' units: exact but for underflow. */
function fromQuery(query: Float64Array, { exponent }: Rivals, scale: number): Pair {
  const p = pairOf(new Float64Array(query.length))
  query.forEach((x, c) => {
    const { high, low } = twoProduct(ldexp(x, exponent), scale)
    p.high[c] = high
    p.low[c] = low
  })
  return p
}

function supportOf({ indices }: Rivals, weights: Float64Array): { support: Uint32Array; weights: Float64Array } {
  const support = new Uint32Array(indices.length)
  const positive = new Float64Array(indices.length)
  let count = 0
  for (let s = 0; s < indices.length; s++) {
    if (!(weights[s] > 0)) continue
    support[count] = indices[s]
    positive[count++] = weights[s]
  }
  return { support: support.slice(0, count), weights: positive.slice(0, count) }
}

function inBall(rivals: Rivals, maxNorm: number, scale: number, radius: Double): AttainableWeight {
  const lengths = lengthsAbove(rivals)
  const reach = Math.min(radius.high, longest)
  const space = spaceOf(rivals, narrowest / Math.max(reach, 2 ** -900))
  const found = minimise(space.points, reach)
  let p = space.lift(found.p)
  const quick = quickly(rivals, lengths, toQuery(p, rivals, scale, maxNorm), found.weights, scale, radius)
  if (agrees(quick.weight, quick.bound)) return quick
  const prove = (weights: Pair): AttainableWeight => {
    const query = toQuery(p, rivals, scale, maxNorm)
    const bound = weightAbove(dualBelow(rivals, lengths, weights, radius))
    const rounded = weightBelow(rivals, lengths, fromQuery(query, rivals, scale))
    const weight = agrees(rounded, bound) ? rounded : Math.max(rounded, weightBelow(rivals, lengths, inside(p, reach)))
    return { weight, bound, attained: true, query, ...supportOf(rivals, weights.high) }
  }
  let best = prove(pairOf(found.weights))
  for (let round = 0; round < rounds && !agrees(best.weight, best.bound); round++) {
    const next = prove(refineWeights(rivals, space, p, reach))
    best = better(best, next)
    p = refineQuery(rivals, space, p, reach)
  }
  return best
}

/** What plain floats prove. */
function quickly(
  rivals: Rivals,
  lengths: Float64Array,
  query: Float64Array,
  weights: Float64Array,
  scale: number,
  radius: Double,
): AttainableWeight {
  const p = query.map((x) => ldexp(x, rivals.exponent) * scale)
  const weight = quickWeightBelow(rivals, lengths, p)
  const bound = weightAbove(quickDualBelow(rivals, lengths, weights, radius.high))
  return { weight, bound, attained: true, query, ...supportOf(rivals, weights) }
}

/** p, shortened until it is proven to be no longer than the radius. */
function inside(p: Pair, radius: number): Pair {
  const length = lengthAbove(p)
  const most = radius * (1 - 2 ** -52)
  if (length <= most) return p
  const shorter = pairOf(new Float64Array(p.high.length))
  addDoubled({ high: (most / length) * (1 - 2 ** -50), low: 0 }, p, 0, shorter, 0, p.high.length)
  settle(shorter)
  return shorter
}

/**
 * With no norm limit. The bound is proven for the keys as they are where a ball around key i is known to lie in the face's hull; else
 * for key i moved by no more than the tolerance, onto the point that the weights give.
 */
function everywhere(keys: KeySet, i: number, { scale, tolerance }: Question): AttainableWeight {
  const { face, escapes } = limitOf(keys, i, othersThan(keys.n, i), tolerance)
  if (face.length === 0) {
    const query = lengthen(keys, i, new Float64Array(keys.d), escapes, scale)
    return { weight: 1, bound: 1, attained: false, query, support: face, weights: noWeights }
  }
  const rivals = rivalsAround(keys, i, face)
  const lengths = lengthsAbove(rivals)
  const space = spaceOf(rivals, ldexp(tolerance, -rivals.exponent))
  const found = minimise(space.points, Infinity)
  let p = space.lift(found.p)
  const prove = (weights: Pair): AttainableWeight => {
    const inner = toQuery(p, rivals, scale, Infinity)
    const rounded = weightBelow(rivals, lengths, fromQuery(inner, rivals, scale))
    const weight = Math.max(rounded, weightBelow(rivals, lengths, p))
    const { bound, weights: proven } = boundOnFace(keys, rivals, space, lengths, weights, tolerance, weight)
    const query = lengthen(keys, i, inner, escapes, scale)
    return { weight, bound, attained: escapes.length === 0, query, ...supportOf(rivals, proven.high) }
  }
  let best = prove(refineWeights(rivals, space, p, Infinity))
  for (let round = 0; round < rounds && !agrees(best.weight, best.bound); round++) {
    p = refineQuery(rivals, space, p, Infinity)
    const next = prove(refineWeights(rivals, space, p, Infinity))
    best = better(best, next)
  }
  if (agrees(best.weight, best.bound)) return best
  const { p: inner, weights, ...proven } = attainPrecisely(keys, rivals, null, ldexp(tolerance, -rivals.exponent))
  const query = lengthen(keys, i, toQuery(pairOf(inner), rivals, scale, Infinity), escapes, scale)
  return { ...proven, attained: escapes.length === 0, query, ...supportOf(rivals, weights) }
}

const origin: Double = { high: 0, low: 0 }

function boundOnFace(
  keys: KeySet,
  rivals: Rivals,
  space: Space,
  lengths: Float64Array,
  weights: Pair,
  tolerance: number,
  reached: number,
): { bound: number; weights: Pair } {
  const { m, d } = rivals
  if (space.points.d === d) {
    const depth = provenDepth(rivals, weights)
    const bound = depth > 0 ? weightAbove(dualEverywhere(rivals, lengths, weights, depth)) : 1
    if (agrees(reached, bound)) return { bound, weights }
  }
  const away = ldexp(lengthAbove(hullPoint(rivals, weights)), rivals.exponent)
  if (away > 0 && tolerance > 0 && away <= tolerance) {
    return { bound: Math.max(reached, weightAbove(dualBelow(rivals, lengths, weights, origin))), weights }
  }
  const exact = exactWeights(keys, rivals, space, weights.high)
  if (exact === null) return { bound: 1, weights }
  const proven = pairOf(exact, new Float64Array(m))
  return { bound: weightAbove(dualBelow(rivals, lengths, proven, origin)), weights: proven }
}
/** Adds to a query, last escape first, so much of each that the keys behind it together weigh less than a rounding. */
function lengthen(
  { data, n, d, bias }: KeySet,
  i: number,
  inner: Float64Array,
  escapes: Limit['escapes'],
  scale: number,
): Float64Array {
  const query = inner.slice()
  const target = farBehind + Math.log(n)
  for (const { query: escape, behind } of [...escapes].reverse()) {
    let factor = 0
    for (const j of behind) {
      let logit = (bias?.[j] ?? 0) - (bias?.[i] ?? 0)
      let fall = 0
      for (let c = 0; c < d; c++) {
        const a = data[j * d + c] - data[i * d + c]
        logit += scale * query[c] * a
        fall -= escape[c] * a
      }
      factor = Math.max(factor, (logit + target) / (Math.abs(scale) * fall))
    }
    for (let c = 0; c < d; c++) query[c] += Math.sign(scale) * factor * escape[c]
  }
  return query
}
