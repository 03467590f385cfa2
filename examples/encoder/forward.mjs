/**
 * The encoder's forward pass on this library's kernels, in float64 or float32, with LayerNorm or with what is put in its place.
 *
 * Each layer is x + attention(norm(x)), then y + dense(relu(dense(norm(y)))). Sentences are computed together, their rows one below the
 * other; each attends to itself alone.
 */
import { attention, layerNorm, project, scale, scores } from '../../dist/index.js'

const mapped = (x, f) => ({ data: x.data.map(f), shape: x.shape })

/**
 * What stands where LayerNorm was, before gain and bias; those and all that follows stay as they were trained. `factor` is the
 * same for every row: it keeps the rows' mean square where LayerNorm would put it, so that what is lost is not mere size.
 */
export const variants = {
  LayerNorm: (x, { eps }) => layerNorm(x, { eps }),
  'scaling only': (x, { eps }) => scale(x, { eps }),
  'projection only': (x) => project(x),
  'one factor for all': (x, { factor }) => mapped(x, (value) => factor * value),
  nothing: (x) => x,
}

/** Which normalisations are replaced. */
export const scopes = {
  'before attention': { attention: true, feedForward: false },
  everywhere: { attention: true, feedForward: true },
}

export const heads = 4

function transposed({ data, shape }, Real) {
  const [inputs, outputs] = shape.slice(-2)
  const out = new Real(data.length)
  for (let r = 0; r < inputs; r++) for (let c = 0; c < outputs; c++) out[c * inputs + r] = data[r * outputs + c]
  return { data: out, shape: [outputs, inputs] }
}

/** x·W + b for rows x: as scores of the rows for the columns of W. */
function dense({ kernel, bias }, Real) {
  const columns = transposed(kernel, Real)
  return (x) => {
    const { data, shape } = scores(x, columns, { scale: 1 })
    const width = shape[1]
    return { data: data.map((value, at) => value + bias.data[at % width]), shape }
  }
}

const plus = (x, y) => ({ data: x.data.map((value, at) => value + y.data[at]), shape: x.shape })
/** Columns `first` to `first + heads·d` of rows, as heads × n × d. */
function split({ data, shape: [n, width] }, start, count, first, d) {
  const out = new data.constructor(heads * count * d)
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < count; i++) {
      const from = (start + i) * width + first + head * d
      out.set(data.subarray(from, from + d), (head * count + i) * d)
    }
  }
  if (start + count > n) throw new RangeError(`${start} + ${count} rows of ${n}`)
  return { data: out, shape: [heads, count, d] }
}

/** Rows under a norm's gain and bias. */
function affine({ data, shape }, { gain, bias }) {
  const width = shape[1]
  return { data: data.map((value, at) => value * gain.data[at % width] + bias.data[at % width]), shape }
}

/** The factor that gives rows the mean square 1, which LayerNorm gives each of them. */
const factorOf = ({ data }) => 1 / Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length)

/**
 * @param weights of `readWeights`
 * @param {Float64ArrayConstructor | Float32ArrayConstructor} Real float32 is faster
 */
export function encoder(weights, Real = Float64Array) {
  const { embeddings, frequencies, eps, pooled, queryScales } = weights
  const width = embeddings.shape[1]
  const layers = weights.layers.map(({ before, within, widen, ...kernels }, at) => ({
    ...{ before, within, queryScale: queryScales[at] },
    ...Object.fromEntries(Object.entries(kernels).map(([name, kernel]) => [name, dense(kernel, Real)])),
    widen: widen === undefined ? (x) => x : dense(widen, Real),
  }))
  const tanhLayer = dense(pooled, Real)

  /** Token embeddings, twice, plus the sinusoids of their positions. */
  function embed(sentences) {
    const n = sentences.reduce((sum, ids) => sum + ids.length, 0)
    const data = new Real(n * width)
    let row = 0
    for (const ids of sentences) {
      ids.forEach((id, position) => {
        for (let c = 0; c < width; c++) {
          const angle = position * frequencies[c % (width / 2)]
          const wave = c < width / 2 ? Math.sin(angle) : Math.cos(angle)
          data[row * width + c] = 2 * embeddings.data[id * width + c] + wave
        }
        row++
      })
    }
    return { data, shape: [n, width] }
  }

  /** What attention sees of rows: after the norm, and queries, keys and values of each sentence's heads, heads × n × d. */
  function attended({ before, mixed }, x, lengths, normalise) {
    const entering = affine(normalise(x), before)
    const rows = mixed(entering)
    const all = rows.shape[1] / 3
    let end = 0
    const sentences = lengths.map((count) => {
      end += count
      const [queries, keys, values] = [0, all, 2 * all].map((first) =>
        split(rows, end - count, count, first, all / heads),
      )
      return { queries, keys, values }
    })
    return { entering, sentences, all }
  }

  /** One layer on rows x, with what stands before attention and before the feed-forward part. */
  function layer(parts, x, lengths, [first, second]) {
    const { within, queryScale, out, inner, outer, widen } = parts
    const { sentences, all } = attended(parts, x, lengths, first)
    const n = x.shape[0]
    const d = all / heads
    const read = new Real(n * all)
    let start = 0
    for (const { queries, keys, values } of sentences) {
      const count = keys.shape[1]
      const mean = attention(queries, keys, values, { scale: queryScale }).data
      for (let head = 0; head < heads; head++) {
        for (let i = 0; i < count; i++) {
          const from = (head * count + i) * d
          read.set(mean.subarray(from, from + d), (start + i) * all + head * d)
        }
      }
      start += count
    }
    const y = plus(widen(x), out({ data: read, shape: [n, all] }))
    const hidden = mapped(inner(affine(second(y), within)), (value) => Math.max(0, value))
    return { middle: y, end: plus(y, outer(hidden)) }
  }

  /** The tanh layer of each sentence's mean row, as a unit vector. */
  function pool(x, lengths) {
    const total = x.shape[1]
    const means = new Real(lengths.length * total)
    let row = 0
    lengths.forEach((length, s) => {
      for (let i = 0; i < length; i++, row++) {
        for (let c = 0; c < total; c++) means[s * total + c] += x.data[row * total + c] / length
      }
    })
    const { data, shape } = mapped(tanhLayer({ data: means, shape: [lengths.length, total] }), Math.tanh)
    for (let s = 0; s < shape[0]; s++) {
      const vector = data.subarray(s * shape[1], (s + 1) * shape[1])
      const norm = Math.hypot(...vector)
      vector.forEach((value, c) => (vector[c] = value / norm))
    }
    return { data, shape }
  }

  /**
   * Runs sentences, arrays of token ids, none empty: unit rows, and the rows that entered attention and feed-forward of each layer.
   *
   * @param factors for each layer, of `factorsOf`; only for 'one factor for all'
   */
  function encode(sentences, { variant = 'LayerNorm', scope = 'everywhere', factors = [] } = {}) {
    const lengths = sentences.map((ids) => ids.length)
    let x = embed(sentences)
    const entered = []
    layers.forEach((parts, at) => {
      const norms = ['attention', 'feedForward'].map((place, p) => {
        const name = scopes[scope][place] ? variant : 'LayerNorm'
        return (rows) => variants[name](rows, { eps, factor: factors[at]?.[p] })
      })
      const { middle, end } = layer(parts, x, lengths, norms)
      entered.push([x, middle])
      x = end
    })
    return { embeddings: pool(x, lengths), entered }
  }

  return {
    encode,
    /** What `encode` takes as `factors`, from the rows that entered each part. */
    factorsOf: (entered) => entered.map((rows) => rows.map(factorOf)),
    /** What the attention of a layer sees of the rows of one sentence, with a variant before it. */
    look(at, rows, variant) {
      const normalise = (x) => variants[variant](x, { eps, factor: factorOf(x) })
      const { entering, sentences } = attended(layers[at], rows, [rows.shape[0]], normalise)
      return { entering, ...sentences[0], queryScale: queryScales[at] }
    },
    layers: layers.length,
  }
}
