/** Vectors of the picture: where things are drawn. What is true of the keys comes from the library. */

export type Vector = readonly [number, number, number]

/** An orthonormal frame of the keys' space: two directions in the hyperplane 1ᵀx = 0, and the one across it. */
export const frame: readonly [Vector, Vector, Vector] = [
  [Math.SQRT1_2, -Math.SQRT1_2, 0],
  [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
  [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
]

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

export function add(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

export function times(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor]
}

export function length(a: Vector): number {
  return Math.hypot(a[0], a[1], a[2])
}

/** `a` made no longer than `limit`. */
export function clamp(a: Vector, limit: number): Vector {
  const size = length(a)
  return size > limit ? times(a, limit / size) : a
}

/** Coordinates in the frame, and back. */
export function toFrame(a: Vector): Vector {
  return [dot(a, frame[0]), dot(a, frame[1]), dot(a, frame[2])]
}

export function fromFrame([x, y, z]: Vector): Vector {
  return add(add(times(frame[0], x), times(frame[1], y)), times(frame[2], z))
}

/** Row i of a row-major n×3 array. */
export function row(data: ArrayLike<number>, i: number): Vector {
  return [data[3 * i] ?? 0, data[3 * i + 1] ?? 0, data[3 * i + 2] ?? 0]
}
