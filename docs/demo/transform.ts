/** What stands between the keys as given and the keys that attention sees. */
import { gemm, layerNorm, project, scale } from 'selectability/kernels'
import { slider } from './state.ts'
import type { Head, State } from './state.ts'

const matrices: Readonly<Record<Exclude<Head, 'none'>, Float64Array>> = {
  /** Injective: it shears and turns. */
  turn: Float64Array.of(1, 0.6, 0, -0.2, 1, 0.4, 0.3, 0, 1),
  /** Onto the line of (1, −1, 0). */
  flatten: Float64Array.of(0.5, -0.5, 0, -0.5, 0.5, 0, 0, 0, 0),
}

/** Keys as rows of one array, key 3 multiplied by its factor. */
export function rawKeys({ keys, factor }: Pick<State, 'keys' | 'factor'>): Float64Array {
  return Float64Array.from(keys.flatMap((key, i) => (i === slider ? key.map((value) => value * factor) : key)))
}

/** Projection, scaling, gain and bias, and a head's W_K, as far as they are switched on. */
export function transformKeys(raw: Float64Array, state: Omit<State, 'keys' | 'factor'>): Float64Array {
  const n = raw.length / 3
  const out = raw.slice()
  if (state.project && !state.scale) project(raw, n, 3, out)
  if (state.scale && !state.project) scale(raw, n, 3, state.eps, out)
  if (state.scale && state.project) {
    layerNorm(raw, n, 3, state.eps, Float64Array.from(state.gain), Float64Array.from(state.bias), out)
  }
  return state.head === 'none' ? out : gemm(out, matrices[state.head], n, 3, 3, new Float64Array(raw.length))
}

/** Whether scaling a key before the transforms scales it after them, so that a critical factor means something. */
export function isLinear(state: Pick<State, 'scale'>): boolean {
  return !state.scale
}
