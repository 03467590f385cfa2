/** Queries and keys of a layer's heads, recomputed in float64 from the residual stream, with LayerNorm or with part of it. */
import { layerNorm, project, scale } from '../../dist/index.js'

/** What stands where LayerNorm was; gain, bias and all that follows stay as they were trained. */
export const variants = {
  nothing: (x) => x,
  'projection only': (x) => project(x),
  'scaling only': (x, eps) => scale(x, { eps }),
  LayerNorm: (x, eps) => layerNorm(x, { eps }),
}

/** gain ⊙ variant(x) + bias, n × width. */
export function entering(variant, { data, shape }, { gain, bias, eps }) {
  const rows = variants[variant]({ data: Float64Array.from(data), shape }, eps.data[0])
  const width = shape[1]
  return { data: Float64Array.from(rows.data, (x, at) => gain.data[at % width] * x + bias.data[at % width]), shape }
}

/** The columns of the query-key-value kernel from `first`, `d` of them, applied to rows. */
function columns({ data, shape: [n, width] }, { kernel, kernelBias }, first, d) {
  const all = kernel.shape.at(-1)
  const out = new Float64Array(n * d)
  for (let i = 0; i < n; i++) {
    for (let h = 0; h < d; h++) out[i * d + h] = kernelBias.data[first + h]
    for (let c = 0; c < width; c++) {
      const x = data[i * width + c]
      for (let h = 0; h < d; h++) out[i * d + h] += x * kernel.data[c * all + first + h]
    }
  }
  return { data: out, shape: [n, d] }
}

/** The queries and keys of each head; columns are queries, keys and values, head by head. */
export function headsOf(rows, parameters, heads) {
  const third = parameters.kernel.shape.at(-1) / 3
  const d = third / heads
  return Array.from({ length: heads }, (_, head) => ({
    queries: columns(rows, parameters, head * d, d),
    keys: columns(rows, parameters, third + head * d, d),
  }))
}
