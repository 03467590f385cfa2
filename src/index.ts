/**
 * Which keys can attention select? The functional API over matrices.
 *
 * @packageDocumentation
 */
export type { MatrixLike, NumericArray, Strided, Tensor } from './matrix.ts'
export type * from './selectability/types.ts'
