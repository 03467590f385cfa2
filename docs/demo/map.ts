/**
 * The map of queries: every point of the disc is a query, coloured by the key that wins it, the stronger the more weight
 * that key gets. The weights are the library's.
 */
import { attentionWeights } from 'selectability/kernels'
import { scoreScale } from './model.ts'
import type { Model } from './model.ts'
import { rgbOf } from './marker.ts'
import { unlimited } from './state.ts'
import type { State } from './state.ts'
import { dot, frame } from './vector.ts'

/** Pixels a side; the browser smooths them. */
export const resolution = 200

/** Where in the unit disc a key wins: the middle of its sector, and how much of the disc it has. */
export interface Sector {
  readonly x: number
  readonly y: number
  readonly share: number
}

interface Grid {
  /** Places in the image, and their coordinates in the unit disc, y upwards. */
  readonly pixels: Uint32Array
  readonly x: Float32Array
  readonly y: Float32Array
}

function discGrid(): Grid {
  const pixels: number[] = []
  const x: number[] = []
  const y: number[] = []
  for (let line = 0; line < resolution; line++) {
    for (let column = 0; column < resolution; column++) {
      const right = (2 * column + 1) / resolution - 1
      const up = 1 - (2 * line + 1) / resolution
      // A pixel more than the disc, which the ring covers.
      if (Math.hypot(right, up) > 1 + 2 / resolution) continue
      pixels.push(line * resolution + column)
      x.push(right)
      y.push(up)
    }
  }
  return { pixels: Uint32Array.from(pixels), x: Float32Array.from(x), y: Float32Array.from(y) }
}

const grid = discGrid()
const queries = new Float32Array(3 * grid.pixels.length)

/** The queries of the disc: the hyperplane's, lifted to the height of the query in use. */
function fillQueries(radius: number, height: number): void {
  const [u, v, w] = frame
  for (let p = 0; p < grid.pixels.length; p++) {
    const a = (grid.x[p] ?? 0) * radius
    const b = (grid.y[p] ?? 0) * radius
    for (let c = 0; c < 3; c++) queries[3 * p + c] = a * (u[c] ?? 0) + b * (v[c] ?? 0) + height * (w[c] ?? 0)
  }
}

/** Paints the disc and says where each key's sector is. */
export function paintMap(canvas: HTMLCanvasElement, state: State, { keys, n }: Model): readonly Sector[] {
  const m = grid.pixels.length
  const height = dot(state.query, frame[2])
  const limit = Math.min(state.limit, unlimited)
  fillQueries(Math.sqrt(Math.max(0, limit ** 2 - height ** 2)), height)
  const few = Float32Array.from(keys)
  const weights = attentionWeights(queries, few, m, n, 3, scoreScale(state), false, null, 0, new Float32Array(m * n))
  const image = new ImageData(resolution, resolution)
  const sums = Array.from({ length: n }, () => ({ x: 0, y: 0, count: 0 }))
  for (let p = 0; p < m; p++) {
    let winner = 0
    for (let i = 1; i < n; i++) if ((weights[p * n + i] ?? 0) > (weights[p * n + winner] ?? 0)) winner = i
    const [red, green, blue] = rgbOf(winner)
    const weight = weights[p * n + winner] ?? 0
    const at = 4 * (grid.pixels[p] ?? 0)
    image.data[at] = red
    image.data[at + 1] = green
    image.data[at + 2] = blue
    image.data[at + 3] = 24 + 150 * weight ** 2
    const sum = sums[winner]
    if (sum === undefined) continue
    sum.x += grid.x[p] ?? 0
    sum.y += grid.y[p] ?? 0
    sum.count++
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return sums.map(({ x, y, count }) => ({ x: x / count, y: y / count, share: count / m }))
}
