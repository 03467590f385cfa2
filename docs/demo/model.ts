/** What the library says of a state: verdicts, certificates, weights. No mathematics of the page's own. */
import { attainableWeight, attentionWeights, criticalScale, margin, selectability } from 'selectability/kernels'
import type { Certificate, Verdict } from 'selectability/kernels'
import { isLinear, rawKeys, transformKeys } from './transform.ts'
import { slider } from './state.ts'
import type { State } from './state.ts'

export interface Attainable {
  readonly weight: number
  readonly query: Float64Array
}

export interface Model {
  readonly n: number
  /** As given, key 3 multiplied by its factor; n×3. */
  readonly raw: Float64Array
  /** As attention sees them; n×3. */
  readonly keys: Float64Array
  readonly tolerance: number
  readonly verdicts: readonly Verdict[]
  certificate(i: number): Certificate
  readonly margins: readonly number[]
  /** Of the query in the state. */
  readonly weights: Float64Array
  readonly attainable: readonly Attainable[]
  /** The key that the slider's mark is about, and the factors for which it is not selectable. */
  readonly neighbour: number
  readonly critical: { readonly low: number; readonly high: number } | null
}

/** What products of queries and keys are multiplied by. */
export function scoreScale({ divide }: Pick<State, 'divide'>): number {
  return divide ? 1 / Math.sqrt(3) : 1
}

/** Softmax weights of m queries over the keys, m×n. */
export function weightsOf(queries: Float64Array, keys: Float64Array, state: Pick<State, 'divide'>): Float64Array {
  const m = queries.length / 3
  const n = keys.length / 3
  return attentionWeights(queries, keys, m, n, 3, scoreScale(state), false, null, 0, new Float64Array(m * n))
}

export function derive(state: State): Model {
  const raw = rawKeys(state)
  const keys = transformKeys(raw, state)
  const n = state.keys.length
  const report = selectability(keys, n, 3)
  const every = Array.from({ length: n }, (_, i) => i)
  const options = { maxNorm: state.limit, scale: scoreScale(state) }
  const neighbour = state.selected === slider ? 1 : state.selected
  return {
    n,
    raw,
    keys,
    tolerance: report.tolerance,
    verdicts: report.verdicts,
    certificate: report.certificate,
    margins: every.map((i) => margin(keys, n, 3, i).distance),
    weights: weightsOf(Float64Array.from(state.query), keys, state),
    attainable: every.map((i) => attainableWeight(keys, n, 3, i, options)),
    neighbour,
    critical: criticalOf(state, neighbour),
  }
}

function criticalOf(state: State, neighbour: number): Model['critical'] {
  const n = state.keys.length
  if (n <= slider || neighbour >= n || !isLinear(state)) return null
  return criticalScale(transformKeys(rawKeys({ ...state, factor: 1 }), state), n, 3, neighbour, slider)
}
