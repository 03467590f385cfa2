/** The tests of the public functions once more, with calls of any size on the module. */
import { beforeAll } from 'vitest'
import { setBackend } from '../src/kernels/index.ts'
import './attention.test.ts'
import './layernorm.test.ts'

beforeAll(() => setBackend('simd'))
