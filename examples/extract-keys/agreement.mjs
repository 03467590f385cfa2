/**
 * Recomputes what the graph computed, in float64, and bounds by how much a float32 evaluation may differ.
 *
 * With u = 2⁻²⁴ and γ_m = m·u/(1 − m·u), a float32 sum or dot product of m terms, in any order of summation, is off by at
 * most γ_m times the sum of the magnitudes (Higham, Accuracy and Stability of Numerical Algorithms, §3.1). The float64
 * reference's own error is 2⁻²⁹ of that; every count below is rounded up by at least one, which covers it.
 */
const u = 2 ** -24
const gamma = (m) => (m * u) / (1 - m * u)

/** Keeps the largest difference, and the largest share of its bound. */
function tally() {
  const worst = { difference: 0, share: 0 }
  return {
    worst,
    add(actual, expected, bound) {
      const difference = Math.abs(actual - expected)
      if (!(difference <= bound)) throw new Error(`expected ${expected} within ${bound}, the graph has ${actual}`)
      worst.difference = Math.max(worst.difference, difference)
      if (difference > 0) worst.share = Math.max(worst.share, difference / bound)
    },
  }
}

/**
 * The graph's LayerNorm against `gain · (x − mean)/√(variance + ε) + bias`.
 *
 * The error is followed through the graph's own steps: mean, centering, variance, reciprocal root, gain, bias.
 */
export function compareLayerNorm({ residual, normalized }, { gain, bias, eps }) {
  const [n, d] = residual.shape
  const { worst, add } = tally()
  const centered = new Float64Array(d)
  const offBy = new Float64Array(d)
  for (let i = 0; i < n; i++) {
    const x = residual.data.subarray(i * d, (i + 1) * d)
    let sum = 0
    let magnitude = 0
    for (const value of x) {
      sum += value
      magnitude += Math.abs(value)
    }
    const mean = sum / d
    const meanOff = (gamma(d + 2) * magnitude) / d
    let squares = 0
    let squaresOff = 0
    for (let c = 0; c < d; c++) {
      centered[c] = x[c] - mean
      offBy[c] = meanOff + 2 * u * (Math.abs(centered[c]) + meanOff)
      const reach = Math.abs(centered[c]) + offBy[c]
      squares += centered[c] ** 2
      squaresOff += (2 * Math.abs(centered[c]) + offBy[c]) * offBy[c] + gamma(d + 4) * reach ** 2
    }
    const variance = squares / d + eps.data[0]
    const root = 1 / Math.sqrt(variance)
    const rootHigh = (1 + 4 * u) / Math.sqrt(variance * (1 - 2 * u) - squaresOff / d)
    for (let c = 0; c < d; c++) {
      const scaled = Math.abs(gain.data[c] * centered[c]) * root
      const scaledHigh = Math.abs(gain.data[c]) * (Math.abs(centered[c]) + offBy[c]) * rootHigh * (1 + gamma(3))
      const expected = gain.data[c] * centered[c] * root + bias.data[c]
      add(normalized.data[i * d + c], expected, scaledHigh - scaled + 2 * u * (scaledHigh + Math.abs(bias.data[c])))
    }
  }
  return worst
}

/** The graph's keys against the normalised rows times the middle third of the query-key-value kernel, plus its bias. */
export function compareKeys({ normalized, keys }, { kernel, kernelBias }) {
  const [n, width] = normalized.shape
  const [heads, , d] = keys.shape
  const columns = kernel.shape.at(-1)
  const first = columns / 3
  const { worst, add } = tally()
  const expected = new Float64Array(heads * d)
  const magnitude = new Float64Array(heads * d)
  for (let i = 0; i < n; i++) {
    for (let column = 0; column < heads * d; column++) {
      expected[column] = kernelBias.data[first + column]
      magnitude[column] = Math.abs(expected[column])
    }
    for (let c = 0; c < width; c++) {
      const x = normalized.data[i * width + c]
      const row = c * columns + first
      for (let column = 0; column < heads * d; column++) {
        const product = x * kernel.data[row + column]
        expected[column] += product
        magnitude[column] += Math.abs(product)
      }
    }
    for (let head = 0; head < heads; head++) {
      for (let c = 0; c < d; c++) {
        const column = head * d + c
        add(keys.data[(head * n + i) * d + c], expected[column], gamma(width + 3) * magnitude[column])
      }
    }
  }
  return worst
}
