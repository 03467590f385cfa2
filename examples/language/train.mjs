/**
 * Training on windows of the book, in parts that are kept, so that a run that is cut off goes on where it was.
 *
 * Windows are shorter than the context and stand at random places in it, so that every position is trained.
 */
import { init, jit, nn, numpy as np } from '@jax-js/jax'
import alea from 'seedrandom/lib/alea.js'
import { adam } from '../paper/adam.mjs'
import { parameters, residuals, size, logits } from './model.mjs'
import { vocabularySize } from './text.mjs'

await init('wasm')

const integers = (list) => np.array(Int32Array.from(list), { dtype: np.int32 })
/** Rows of a table by product with a one-hot matrix, whose gradient compiles; that of a gather does not. */
const rows = (table, ids) => np.matmul(nn.oneHot(ids, table.shape[0]), table)

/** `count` windows: ids of their tokens, of the tokens that follow, and positions, one after the other. */
function windows(uniform, ids, first, end, { count, length }) {
  const tokens = []
  const next = []
  const positions = []
  for (let b = 0; b < count; b++) {
    const at = first + Math.floor(uniform() * (end - first - length))
    const offset = Math.floor(uniform() * (size.context - length + 1))
    for (let t = 0; t < length; t++) {
      tokens.push(ids[at + t])
      next.push(ids[at + t + 1])
      positions.push(offset + t)
    }
  }
  return [tokens, positions, next].map(integers)
}

/** Mean cross-entropy of the next token, in nats. Logits of this width stay far below 88, where float32 exponentials overflow. */
function lossOf(scaled, { count, length }) {
  return (p, tokens, positions, next) => {
    const embedded = rows(p.tokens.ref, tokens).add(rows(p.positions, positions))
    const stream = residuals(p, embedded.reshape([count, length, size.width]), scaled)
    const last = stream.pop().reshape([count * length, size.width])
    for (const x of stream) x.dispose()
    const { state, scores } = logits(p, last)
    const right = np.sum(state.mul(rows(p.tokens, next)), -1)
    return np.mean(np.log(np.sum(np.exp(scores), -1)).sub(right))
  }
}

/**
 * @param parts of `resumable`
 * @param run `{ scaled, seed, steps, until, every, rate, batch: { count, length } }`; it is left after `until` of its steps
 * @returns `records` of { step, loss, heldOut } and the trained `parameters`, `{ name: { data, shape } }`
 */
export function train(parts, { ids, end }, { scaled, seed, steps, until, every, rate, batch }) {
  const initial = parameters(alea(`language, ${seed}`), vocabularySize)
  const loss = lossOf(scaled, batch)
  const judge = jit(loss)
  // The same held-out windows each time.
  const judged = () => {
    const uniform = alea('language, held out')
    const values = Array.from({ length: 8 }, () => windows(uniform, ids, end, ids.length - 1, batch))
    return (p) => values.map((inputs) => judge(p(), ...inputs).dataSync()[0]).reduce((sum, x) => sum + x, 0) / 8
  }
  const records = []
  let optimiser = null
  let state
  for (let done = 0; done < until; done += every) {
    const part = parts.part(`${scaled ? 'with' : 'without'} scaling, seed ${seed}, ${done + every} steps`, () => {
      optimiser ??= adam(loss, initial, state)
      const uniform = alea(`language, ${seed}, from ${done}`)
      let sum = 0
      for (let step = done; step < done + every; step++) {
        // From the rate down to 0 along a line, as in the source.
        sum += optimiser.step(windows(uniform, ids, 0, end, batch), rate * (1 - step / steps))
      }
      if (!Number.isFinite(sum)) throw new Error(`seed ${seed}: the loss is ${sum / every} before step ${done + every}`)
      const heldOut = judged()(optimiser.parameters)
      return { record: { step: done + every, loss: sum / every, heldOut }, state: optimiser.state() }
    })
    records.push(part.record)
    state = part.state
  }
  optimiser?.dispose()
  return { records, parameters: unpacked(state.vectors[0], initial) }
}

function unpacked(vector, initial) {
  let at = 0
  return Object.fromEntries(
    Object.entries(initial).map(([name, { data, shape }]) => {
      const values = vector.slice(at, (at += data.length))
      return [name, { data: Float64Array.from(values), shape }]
    }),
  )
}
