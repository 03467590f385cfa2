/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980), compiled with the gradient into one step of training.
 *
 * Parameters are kept end to end in one vector: a step on a dozen small matrices is mostly calls, and this is one for all of them.
 * In jax-js a function consumes what it is given; `.ref` keeps an array for another use.
 */
import { jit, numpy as np, valueAndGrad } from '@jax-js/jax'

const decay1 = 0.9
const decay2 = 0.999
const epsilon = 1e-8

const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1)

/** Parts of a vector under their names; consumes it. */
function unpack(vector, shapes) {
  const ends = []
  for (const shape of Object.values(shapes)) ends.push((ends.at(-1) ?? 0) + sizeOf(shape))
  const parts = np.split(vector, ends.slice(0, -1))
  return Object.fromEntries(Object.entries(shapes).map(([name, shape], at) => [name, parts[at].reshape(shape)]))
}

/**
 * @param loss of ({ name: Array }, ...inputs), a scalar
 * @param initial `{ name: { data, shape } }`
 * @param kept what `state()` returned, to go on from there
 */
export function adam(loss, initial, kept) {
  const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
  const compiled = jit((x, m, v, size, unbias, ...inputs) => {
    const [value, gradient] = valueAndGrad((vector, ...rest) => loss(unpack(vector, shapes), ...rest))(x.ref, ...inputs)
    const mean = m.mul(decay1).add(gradient.ref.mul(1 - decay1))
    const square = v.mul(decay2).add(np.square(gradient).mul(1 - decay2))
    const step = mean.ref.mul(size).div(np.sqrt(square.ref.mul(unbias)).add(epsilon))
    return [value, x.sub(step), mean, square]
  })
  const all = Object.values(initial).flatMap(({ data }) => Array.from(data))
  const from = kept ?? { taken: 0, vectors: [all, ...[0, 0].map((x) => all.map(() => x))] }
  let taken = from.taken
  let [x, m, v] = from.vectors.map((vector) => np.array(Float32Array.from(vector)))
  return {
    /** The parameters, for the caller to consume. */
    parameters: () => unpack(x.ref, shapes),
    /** Takes a step at a learning rate, consumes the inputs, and returns the loss before it. */
    step(inputs, rate) {
      taken++
      const size = np.array(rate / (1 - decay1 ** taken))
      const unbias = np.array(1 / (1 - decay2 ** taken))
      let value
      ;[value, x, m, v] = compiled(x, m, v, size, unbias, ...inputs)
      return value.dataSync()[0]
    },
    /** All that the next step depends on, for JSON. */
    state: () => ({ taken, vectors: [x, m, v].map((vector) => Array.from(vector.ref.dataSync())) }),
    dispose: () => [x, m, v].forEach((vector) => vector.dispose()),
  }
}
