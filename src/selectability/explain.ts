/** A key's verdict in a sentence that a person can read. */
import { checkArray } from '../arguments.ts'
import { attainableWeightOf } from './attainable/index.ts'
import { normPrecision, normsReaching } from './attainable/norm.ts'
import { u } from './bounds.ts'
import { certifyKey } from './certify.ts'
import { criticalScaleWithin, escapeScaleWithin } from './critical.ts'
import { figure, figureWithin, list } from './figure.ts'
import type { OpenKeys } from './keyset.ts'
import { marginOf } from './margin/index.ts'
import type { Certificate, ScaleInterval } from './types.ts'

/** More numbers than this are no help to a reader. */
const mostNamed = 4

/** The weights for which the norm that they take is told. */
const wanted = [0.5, 0.9, 0.99]

/** An exact search in no more rows than this is done in a few milliseconds a step. */
const fewRows = 12

/** What `margin` is right to. */
const marginPrecision = 1e-12

/** How a key is called in the sentence. */
type Naming = (j: number) => string

interface InHull {
  readonly support: Uint32Array
  readonly weights: Float64Array
}

/**
 * `names`, one a key, are told after the keys' indices.
 *
 * @throws TypeError unless they are strings, RangeError when there are more or fewer than n
 */
export function namingOf(names: ArrayLike<string> | undefined, n: number): Naming {
  if (names === undefined) return (j) => `key ${j}`
  checkArray('names', names, 'string')
  if (names.length !== n) {
    throw new RangeError(`names: expected length ${n} (one for each key), got ${names.length}`)
  }
  return (j) => `key ${j} (${names[j]})`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Where the key lies: the heaviest keys of a convex combination, each with its weight. */
function combination({ support, weights }: InHull, name: Naming): string {
  const order = Array.from(support.keys())
    .filter((s) => weights[s] > u)
    .sort((a, b) => weights[b] - weights[a])
  if (order.length === 1) return `as ${name(support[order[0]])} does`
  const named = order.slice(0, mostNamed).map((s) => `${figure(weights[s])} of ${name(support[s])}`)
  const rest = order.length - named.length
  return `at ${list(rest > 0 ? [...named, `the rest of ${rest} more`] : named)}`
}

/** The factors beyond which the verdict changes; null where none does, or 1 is not among those that are told. */
function turn(name: string, interval: ScaleInterval | null | undefined): string | null {
  if (interval === null || interval === undefined) return null
  const { low, high } = interval
  if (low > 1 || high < 1 || (low === 0 && high === Infinity)) return null
  if (low === high) return `${name} is scaled at all`
  const ways = [
    ...(low > 0 ? [`by less than ${figure(low)}`] : []),
    ...(high < Infinity ? [`by more than ${figure(high)}`] : []),
  ]
  return `${name} is scaled ${ways.join(' or ')}`
}

/** The sentence about key i. */
export function explainKey(opened: OpenKeys, i: number, scale: number, name: Naming): string {
  const certificate = certifyKey(opened, i)
  const subject = capital(name(i))
  if (opened.keys.n === 1)
    return `${subject} is selectable: it is the only key, so every query gives it all the attention.`
  if (certificate.verdict === 'selectable') {
    return `${subject} is selectable: ${howToSelect(opened, i, certificate, scale, name)}.`
  }
  const place = combination(certificate, name)
  const why =
    certificate.verdict === 'tied'
      ? `tied: it lies on the boundary of the hull of the others, ${place}, so a query can put it at the top only together with others`
      : `unselectable: it lies inside the hull of the others, ${place}, so no query scores it above all of them`
  return `${subject} is ${why}; ${mostOf(opened, i, scale)}${changes(opened, i, certificate, name)}.`
}

function mostOf({ keys, tolerance }: OpenKeys, i: number, scale: number): string {
  const { weight, bound, attained } = attainableWeightOf(keys, i, { maxNorm: Infinity, scale, tolerance })
  return `the most attention it can ever ${attained ? 'get' : 'come near to'} is ${figure(weight, bound)}`
}

/**
 * The factor on the key itself, and that on the heaviest of those that overshadow it. Where floats do not tell the first, and an exact
 * search would take long, the sentence does without.
 */
function changes({ keys }: OpenKeys, i: number, { support, weights }: InHull, name: Naming): string {
  const heaviest = support[weights.indexOf(Math.max(...weights))]
  const own = escapeScaleWithin(keys, i, fewRows)
  const rival = own === undefined ? undefined : criticalScaleWithin(keys, i, heaviest, fewRows)
  const turns = [turn('it', own), turn(name(heaviest), rival)].filter((part) => part !== null)
  return turns.length === 0 ? '' : `, until ${turns.join(', or ')}`
}

function howToSelect(
  { keys }: OpenKeys,
  i: number,
  { runnerUp }: Extract<Certificate, { verdict: 'selectable' }>,
  scale: number,
  name: Naming,
): string {
  const { distance, query, support, weights } = marginOf(keys, i)
  const which =
    keys.d <= mostNamed ? `the query (${Array.from(query, (x) => figure(x)).join(', ')})` : 'the best query of norm 1'
  // The nearest point's keys all come second; a margin of 0 at this precision has none.
  const second = support.length > 0 ? support[weights.indexOf(Math.max(...weights))] : runnerUp
  const gap = `${which} scores it ${figureWithin(distance, marginPrecision)} above ${name(second)}, the runner-up`
  if (scale === 0) return `${gap}, but scores do not count at scale 0`
  const norms = normsReaching(keys, i, wanted, scale)
  const parts = wanted.map((weight, at) => `${figureWithin(norms[at], normPrecision)} for ${weight}`)
  return `${gap}, and the least norm of a query that gives it a weight is ${list(parts)}`
}
