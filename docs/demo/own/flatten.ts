/**
 * Keys of many dimensions as points of three: their first principal components.
 *
 * The largest products are the library's; a block of more columns than are wanted converges after few of them (N. Halko,
 * P. G. Martinsson, J. A. Tropp, Finding structure with randomness, SIAM Review 53, 2011, algorithm 4.4).
 */
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix'
import { randomLcg, randomNormal } from 'd3-random'
import { gemm, gemmTransposed } from 'selectability/kernels'

/** Columns of the block: three wanted, and as many more as make their accuracy a matter of chance no longer. */
const block = 8
/** Products with XᵀX; each squares what sets the components apart. For a picture. */
const passes = 6

export interface Flat {
  /** n×3. */
  readonly points: Float64Array
  /** The share of the variance that they show, or null where they are the keys themselves. */
  readonly share: number | null
}

/** The keys about their mean, in three coordinates: their own where they have no more, else the principal ones. */
export function flatten(data: ArrayLike<number>, n: number, d: number): Flat {
  const centred = centre(data, n, d)
  if (d <= 3) {
    const points = Float64Array.from({ length: 3 * n }, (_, at) =>
      at % 3 < d ? (centred[Math.floor(at / 3) * d + (at % 3)] ?? 0) : 0,
    )
    return { points, share: null }
  }
  const total = centred.reduce((sum, x) => sum + x * x, 0)
  const width = Math.min(block, d, n)
  const draw = randomNormal.source(randomLcg(0.5))()
  let basis: Float64Array = Float64Array.from({ length: width * d }, () => draw())
  for (let pass = 0; pass < passes; pass++) {
    basis = orthonormalRows(basis, width, d)
    const images = gemmTransposed(centred, basis, n, width, d, new Float64Array(n * width))
    basis = gemm(transpose(images, n, width), centred, width, d, n, new Float64Array(width * d))
  }
  basis = orthonormalRows(basis, width, d)
  const images = gemmTransposed(centred, basis, n, width, d, new Float64Array(n * width))
  // Turned so that the first coordinate shows most.
  const { rightSingularVectors } = new SingularValueDecomposition(Matrix.from1DArray(n, width, images), {
    computeLeftSingularVectors: false,
  })
  const turned = gemm(
    images,
    Float64Array.from(rightSingularVectors.to1DArray()),
    n,
    width,
    width,
    new Float64Array(n * width),
  )
  const points = Float64Array.from({ length: 3 * n }, (_, at) =>
    at % 3 < width ? (turned[Math.floor(at / 3) * width + (at % 3)] ?? 0) : 0,
  )
  const shown = points.reduce((sum, x) => sum + x * x, 0)
  return { points, share: total > 0 ? shown / total : 1 }
}

function centre(data: ArrayLike<number>, n: number, d: number): Float64Array {
  const mean = new Float64Array(d)
  for (let at = 0; at < n * d; at++) mean[at % d] = (mean[at % d] ?? 0) + (data[at] ?? 0) / n
  return Float64Array.from({ length: n * d }, (_, at) => (data[at] ?? 0) - (mean[at % d] ?? 0))
}

function orthonormalRows(rows: Float64Array, count: number, d: number): Float64Array {
  const { orthogonalMatrix } = new QrDecomposition(Matrix.from1DArray(count, d, rows).transpose())
  return Float64Array.from(orthogonalMatrix.transpose().to1DArray())
}

function transpose(data: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(
    { length: rows * columns },
    (_, at) => data[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  )
}
