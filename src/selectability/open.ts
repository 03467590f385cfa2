/** From the public functions' arguments to a checked key set. */
import { checkOptions } from '../arguments.ts'
import { readDense, readVector } from '../matrix.ts'
import type { MatrixLike } from '../matrix.ts'
import { openKeys } from './keyset.ts'
import type { OpenKeys } from './keyset.ts'
import type { CertifyOptions } from './types.ts'

export function open(matrix: MatrixLike, options: CertifyOptions): OpenKeys {
  const { tolerance, bias } = checkOptions(options)
  const { data, shape, float } = readDense('keys', matrix, [2])
  const [n, d] = shape
  const rises = bias === undefined || n === 0 ? undefined : readVector('bias', bias, n)
  return openKeys(data, n, d, float, { tolerance, bias: rises })
}
