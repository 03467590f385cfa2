/**
 * Edges of the hull, asked of the library: two keys are joined by one when some query scores both alike and above all others, which is
 * to say that they are selectable when seen along the line that joins them.
 */
import { certify } from 'selectability/kernels'
import type { Model } from './model.ts'
import { add, dot, length, row, times } from './vector.ts'

export function hullEdges({ keys, n, verdicts, tolerance }: Model): readonly (readonly [number, number])[] {
  const corners = Array.from({ length: n }, (_, i) => i).filter((i) => verdicts[i] === 'selectable')
  return corners.flatMap((i, at) =>
    corners
      .slice(at + 1)
      .flatMap((j): (readonly [number, number])[] => (isEdge(keys, n, i, j, tolerance) ? [[i, j]] : [])),
  )
}

function isEdge(keys: Float64Array, n: number, i: number, j: number, tolerance: number): boolean {
  const line = add(row(keys, j), times(row(keys, i), -1))
  const size = length(line)
  if (size === 0) return false
  const along = times(line, 1 / size)
  const others = Array.from({ length: n }, (_, k) => k).filter((k) => k !== i && k !== j)
  const flat = Float64Array.from(
    [i, ...others].flatMap((k) => {
      const key = row(keys, k)
      return [...add(key, times(along, -dot(key, along)))]
    }),
  )
  // The projection above rounds once or twice more than the keys.
  return certify(flat, others.length + 1, 3, 0, { tolerance: 4 * tolerance }).verdict === 'selectable'
}
