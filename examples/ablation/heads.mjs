/** Keys and attention of the encoder's heads on passages of a book, with LayerNorm and with what is put in its place. */
import { heads, variants } from '../encoder/forward.mjs'
import { headOf, mean, measure, stuck } from './measure.mjs'

/**
 * One line for each layer, head and variant. Each layer is given the rows that the model as it is would give it.
 *
 * @param entered of `encode`, for one passage
 */
export function ablateHeads(model, entered) {
  return entered.flatMap(([rows], layer) =>
    Object.keys(variants).flatMap((variant) => {
      const { entering, queries, keys, queryScale } = model.look(layer, rows, variant)
      const before = stuck(entering)
      return Array.from({ length: heads }, (_, head) => ({
        ...{ layer, head, variant, n: keys.shape[1], d: keys.shape[2], before },
        ...measure({ queries: headOf(queries, head), keys: headOf(keys, head), scale: queryScale }),
      }))
    }),
  )
}

/** The first `width` columns of a matrix. */
function columns({ data, shape: [n, d] }, width) {
  const out = new Float64Array(n * width)
  for (let i = 0; i < n; i++) out.set(data.subarray(i * d, i * d + width), i * width)
  return { data: out, shape: [n, width] }
}

/** Widths of heads to try, up to that of a layer. */
export const widths = [2, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64]

/**
 * How many keys of each passage and head are not selectable after LayerNorm and W_K, and how many would not be if W_K had fewer
 * columns: the first of those that it has.
 *
 * @param passages `entered` of each
 */
export function narrowHeads(model, passages) {
  return passages.flatMap((entered, passage) =>
    entered.flatMap(([rows], layer) => {
      const { keys } = model.look(layer, rows, 'LayerNorm')
      const [, n, d] = keys.shape
      return Array.from({ length: heads }, (_, head) => headOf(keys, head)).flatMap((of, head) =>
        [...widths.filter((width) => width < d), d].map((width) => ({
          ...{ passage, layer, head, width, full: width === d ? 'yes' : 'no', n },
          stuck: stuck(columns(of, width)),
        })),
      )
    }),
  )
}

/** Per cent of keys that are not selectable, of lines with `stuck` and `n`. */
export const share = (lines) => (100 * mean(lines.map((line) => line.stuck))) / mean(lines.map((line) => line.n))
