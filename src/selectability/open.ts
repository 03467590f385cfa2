/** From the public functions' arguments to a checked key set. */
import { checkOptions } from '../arguments.ts'
import { readDense, readVector } from '../matrix.ts'
import type { MatrixLike } from '../matrix.ts'
import { openKeys } from './keyset.ts'
import type { Allocate, OpenKeys } from './keyset.ts'
import type { CertifyOptions } from './types.ts'
import { sharedNumbers } from './workers/platform.ts'

export function open(matrix: MatrixLike, options: CertifyOptions, allocate?: Allocate): OpenKeys {
  const { tolerance, bias } = checkOptions(options)
  const { data, shape, float } = readDense('keys', matrix, [2])
  const [n, d] = shape
  const rises = bias === undefined || n === 0 ? undefined : readVector('bias', bias, n)
  return openKeys(data, n, d, float, { tolerance, bias: rises }, allocate)
}

/** The same, in memory that all threads see, where there is such memory. */
export function openShared(matrix: MatrixLike, options: CertifyOptions): OpenKeys {
  return open(matrix, options, sharedNumbers)
}
