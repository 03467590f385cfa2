/** Inputs as large as asked for, streamed through the kernels, with results that are checked where blocks begin and end. */

const d = 64
const scale = 1 / 8
/** Relative to the sum of sizes that a result is made of; see docs/kernels.md for the bounds, of which these are multiples. */
const slack = 300 * 2 ** -24

function expectNear(what, got, wanted, size) {
  if (!(Math.abs(got - wanted) <= slack * size))
    throw new Error(`${what}: expected ${wanted} within ${slack * size}, got ${got}`)
}

/** Attention of two queries over all rows, once more in float64. */
function attended(x, n) {
  const sums = [0, 1].map(() => ({ most: -Infinity, total: 0, values: new Float64Array(d) }))
  for (let i = 0; i < 2; i++) {
    const state = sums[i]
    const scores = (j) => {
      let s = 0
      for (let c = 0; c < d; c++) s += x[i * d + c] * x[j * d + c]
      return s * scale
    }
    for (let j = 0; j < n; j++) state.most = Math.max(state.most, scores(j))
    for (let j = 0; j < n; j++) {
      const weight = Math.exp(scores(j) - state.most)
      state.total += weight
      for (let c = 0; c < d; c++) state.values[c] += weight * x[j * d + c]
    }
  }
  return sums.map(({ total, values }) => values.map((value) => value / total))
}

/**
 * Attention, a product and LayerNorm (in place) over `bytes` of float32. Throws where a result is wrong.
 *
 * A sum of n weights may err by γ_n: they are added in float32, in tiles of 252, whose sums are added in turn. What is drawn here
 * errs as a random walk does, far less.
 */
export function large(kernels, bytes) {
  const n = Math.floor(bytes / 4 / d)
  const x = new Float32Array(n * d)
  // A linear congruential generator (Knuth 1997, section 3.3.4).
  for (let at = 0, state = 1; at < x.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    x[at] = state / 2 ** 31 - 1
  }
  const y = kernels.attention(x, x, x, 2, n, d, d, scale, false, null, 0, new Float32Array(2 * d))
  const wanted = attended(x, n)
  for (let c = 0; c < d; c++) for (let i = 0; i < 2; i++) expectNear('attention', y[i * d + c], wanted[i][c], 1)
  const products = kernels.gemmTransposed(x, x, n, 2, d, new Float32Array(2 * n))
  const rows = [0, 1, 59, 60, Math.floor(n / 2), n - 61, n - 1]
  for (const i of rows) {
    for (let j = 0; j < 2; j++) {
      let sum = 0
      for (let c = 0; c < d; c++) sum += x[i * d + c] * x[j * d + c]
      expectNear('product', products[2 * i + j], sum, d)
    }
  }
  const normal = rows.map((i) => {
    const row = Float64Array.from(x.slice(i * d, (i + 1) * d))
    return kernels.layerNorm(row, 1, d, 1e-5, null, null, row)
  })
  kernels.layerNorm(x, n, d, 1e-5, null, null, x)
  for (const [at, i] of rows.entries())
    for (let c = 0; c < d; c++) expectNear('layerNorm', x[i * d + c], normal[at][c], 4)
  return n
}
