/** From the typed-array functions' arguments to a checked key set. */
import { checkOptions, describe, tagOf } from '../arguments.ts'
import type { Floats } from '../kernels/sizes.ts'
import { checkSizes } from '../kernels/sizes.ts'
import { openKeys } from './keyset.ts'
import type { Allocate, OpenKeys } from './keyset.ts'
import type { CertifyOptions } from './types.ts'
import { sharedNumbers } from './workers/platform.ts'

/** n × d numbers, row-major, and the options that every question takes. */
export function openDense(data: Floats, n: number, d: number, options: CertifyOptions, allocate?: Allocate): OpenKeys {
  checkOptions(options)
  const tag = tagOf(data)
  if (tag !== 'Float64Array' && tag !== 'Float32Array') {
    throw new TypeError(`data: expected a Float64Array or a Float32Array, got ${describe(data)}`)
  }
  checkSizes({ n, d })
  return openKeys(data, n, d, tag === 'Float32Array' ? 'float32' : 'float64', options, allocate)
}

/** The same, in memory that all threads see, where there is such memory. */
export function openDenseShared(data: Floats, n: number, d: number, options: CertifyOptions): OpenKeys {
  return openDense(data, n, d, options, sharedNumbers)
}
