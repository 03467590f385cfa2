/**
 * Wolfe's corral: an affinely independent set of points, the point of its hull nearest to the origin, and how both change
 * when a point enters (P. Wolfe, *Finding the nearest point in a polytope*, Math. Programming 11, 1976,
 * doi:10.1007/BF01580381).
 *
 * With the points as the columns of A and e = (1, …, 1), the affine minimiser has weights w ∝ (σ·e·eᵀ + AᵀA)⁻¹e, for any σ > 0. The Cholesky
 * factor R of that matrix grows by a column when a point enters; Givens rotations restore it when one leaves, and carry along
 * `forward = R⁻ᵀe`, so that one triangular solve gives the weights.
 */
import type { CorralParts } from '../kernels/simd/walker.ts'
import { gamma } from './bounds.ts'

/** A corral in d dimensions, of at most d + 1 points; reused from key to key. */
export interface Corral {
  /** Number of points now. */
  readonly size: () => number
  /** The label of each point, in the order of `weights`. */
  readonly labels: Int32Array
  /** Convex weights of the nearest point. */
  readonly weights: Float64Array
  /** The nearest point itself. */
  readonly nearest: Float64Array
  /** Starts again with one point; `ridge` > 0 multiplies e·eᵀ: its best size is that of the squared distances to be told apart. */
  readonly reset: (point: Float64Array, label: number, ridge: number) => void
  /** Brings a point in and finds the new nearest point; false when it depends affinely on the others to rounding. */
  readonly enter: (point: Float64Array, label: number) => boolean
  /** The ridge that goes with the points: the geometric mean of their squared lengths. */
  readonly scale: () => number
  /** σ, as it was given. */
  readonly ridge: () => number
  /** Rows of R⁻¹, size × size, upper triangular in a (d + 1)-wide array; its row norms bound the weights' gradients. */
  readonly inverse: (out: Float64Array) => Float64Array
  /** Takes over the corral of a walk on the module. */
  readonly load: (parts: CorralParts, ridge: number) => void
  /** Solves `(σ·e·eᵀ + AᵀA) y = right` in place. */
  readonly solve: (right: Float64Array) => Float64Array
  readonly points: Float64Array
}

export function createCorral(d: number): Corral {
  const width = d + 1
  const points = new Float64Array(width * d)
  const factor = new Float64Array(width * width)
  const forward = new Float64Array(width)
  const weights = new Float64Array(width)
  const target = new Float64Array(width)
  const column = new Float64Array(width)
  const nearest = new Float64Array(d)
  const labels = new Int32Array(width)
  let m = 0
  let sigma = 1

  const settle = (): void => {
    nearest.fill(0)
    for (let s = 0; s < m; s++) {
      const w = weights[s]
      for (let c = 0, at = s * d; c < d; c++, at++) nearest[c] += w * points[at]
    }
  }

  const remove = (gone: number): void => {
    for (let s = gone; s < m - 1; s++) {
      labels[s] = labels[s + 1]
      weights[s] = weights[s + 1]
    }
    points.copyWithin(gone * d, (gone + 1) * d, m * d)
    for (let s = gone + 1; s < m; s++) {
      for (let r = 0; r <= s; r++) factor[r * width + s - 1] = factor[r * width + s]
    }
    m--
    for (let s = gone; s < m; s++) {
      const a = factor[s * width + s]
      const b = factor[(s + 1) * width + s]
      const length = Math.hypot(a, b)
      const cos = a / length
      const sin = b / length
      for (let c = s; c < m; c++) {
        const top = factor[s * width + c]
        const low = factor[(s + 1) * width + c]
        factor[s * width + c] = cos * top + sin * low
        factor[(s + 1) * width + c] = cos * low - sin * top
      }
      const top = forward[s]
      const low = forward[s + 1]
      forward[s] = cos * top + sin * low
      forward[s + 1] = cos * low - sin * top
    }
  }

  const backSubstitute = (right: Float64Array, out: Float64Array): void => {
    for (let r = m - 1; r >= 0; r--) {
      let sum = right[r]
      for (let c = r + 1, at = r * width + r + 1; c < m; c++, at++) sum -= factor[at] * out[c]
      out[r] = sum / factor[r * width + r]
    }
  }

  /** Minor cycles: walk from the present weights to the affine minimiser, dropping the points that block the way. */
  const minimise = (): void => {
    while (m > 0) {
      backSubstitute(forward, target)
      let total = 0
      for (let s = 0; s < m; s++) total += target[s]
      let step = 1
      let blocking = -1
      for (let s = 0; s < m; s++) {
        target[s] /= total
        if (!(target[s] > 0)) {
          const reach = weights[s] / (weights[s] - target[s])
          if (blocking < 0 || reach < step) {
            step = reach
            blocking = s
          }
        }
      }
      if (blocking < 0) {
        for (let s = 0; s < m; s++) weights[s] = target[s]
        return
      }
      for (let s = 0; s < m; s++) weights[s] = Math.max(0, weights[s] + step * (target[s] - weights[s]))
      remove(blocking)
    }
  }

  const enter = (point: Float64Array, label: number): boolean => {
    let sqNorm = sigma
    for (let c = 0; c < d; c++) sqNorm += point[c] * point[c]
    for (let s = 0; s < m; s++) {
      let sum = sigma
      for (let c = 0, at = s * d; c < d; c++, at++) sum += points[at] * point[c]
      column[s] = sum
    }
    let rest = sqNorm
    let rise = 1
    for (let s = 0; s < m; s++) {
      let sum = column[s]
      for (let r = 0; r < s; r++) sum -= factor[r * width + s] * column[r]
      column[s] = sum / factor[s * width + s]
      rest -= column[s] * column[s]
      rise -= column[s] * forward[s]
    }
    if (m >= width || !(rest > gamma(d + m + 2) * sqNorm)) return false
    const diagonal = Math.sqrt(rest)
    for (let s = 0; s < m; s++) factor[s * width + m] = column[s]
    factor[m * width + m] = diagonal
    forward[m] = rise / diagonal
    points.set(point, m * d)
    labels[m] = label
    weights[m] = 0
    m++
    minimise()
    settle()
    return true
  }

  const load = (parts: CorralParts, ridge: number): void => {
    const { stride, pitch, slots } = parts
    m = parts.size
    sigma = ridge
    labels.set(parts.labels.subarray(0, m))
    weights.set(parts.weights.subarray(0, m))
    forward.set(parts.forward.subarray(0, m))
    nearest.set(parts.nearest)
    for (let s = 0; s < m; s++) {
      points.set(parts.points.subarray(slots[s] * stride, slots[s] * stride + d), s * d)
      for (let c = s; c < m; c++) factor[s * width + c] = parts.factor[s * pitch + c]
    }
  }

  return {
    size: () => m,
    ridge: () => sigma,
    scale: () => {
      let sum = 0
      for (let s = 0; s < m; s++) {
        let sqLength = Number.MIN_VALUE
        for (let c = 0, at = s * d; c < d; c++, at++) sqLength += points[at] * points[at]
        sum += Math.log2(sqLength)
      }
      return 2 ** (sum / m)
    },
    labels,
    weights,
    nearest,
    points,
    enter,
    load,
    reset: (point, label, ridge) => {
      m = 0
      sigma = ridge
      enter(point, label)
    },
    solve: (right) => {
      for (let s = 0; s < m; s++) {
        let sum = right[s]
        for (let r = 0; r < s; r++) sum -= factor[r * width + s] * right[r]
        right[s] = sum / factor[s * width + s]
      }
      backSubstitute(right, right)
      return right
    },
    inverse: (out) => {
      out.fill(0)
      for (let c = 0; c < m; c++) {
        out[c * width + c] = 1 / factor[c * width + c]
        for (let r = c - 1; r >= 0; r--) {
          let sum = 0
          for (let s = r + 1; s <= c; s++) sum += factor[r * width + s] * out[s * width + c]
          out[r * width + c] = -sum / factor[r * width + r]
        }
      }
      return out
    },
  }
}
