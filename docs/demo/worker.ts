/** Work that must not hold up the page: curves of attainable weight. */
import { attainableWeights } from 'selectability/kernels'

export interface CurveQuestion {
  readonly kind: 'curve'
  readonly keys: Float64Array
  readonly norms: readonly number[]
  readonly scale: number
}

/** One row of weights a key, one column a norm. */
export interface CurveAnswer {
  readonly kind: 'curve'
  readonly weights: Float64Array
}

addEventListener('message', ({ data }: MessageEvent<CurveQuestion>) => {
  const { keys, norms, scale } = data
  const n = keys.length / 3
  const weights = new Float64Array(n * norms.length)
  norms.forEach((maxNorm, at) => {
    attainableWeights(keys, n, 3, { maxNorm, scale }).forEach((weight, i) => {
      weights[i * norms.length + at] = weight
    })
  })
  const answer: CurveAnswer = { kind: 'curve', weights }
  postMessage(answer)
})
