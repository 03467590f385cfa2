/**
 * The theorems as data, key sets for fast-check, and seeded key sets: what it takes to repeat the proofs in a test.
 *
 * @packageDocumentation
 */
export type { MatrixLike, NumericArray, Strided, Tensor } from '../index.ts'
export { theorems } from './theorems.ts'
export { assertTheorems } from './assert.ts'
export type { AssertTheoremsOptions } from './assert.ts'
export type { FastCheck, Rows, SizeOptions, Theorem } from './types.ts'
export { heavyKeys, keySets, latticeKeys, lowRankKeys, normalisedKeys, ulpKeys } from './arbitraries.ts'
export { interiorKeys, tiedKeys, vertexKeys } from './planted.ts'
export type { InteriorKey, TiedKey, VertexKey } from './planted.ts'
export { randomKeys } from './generators.ts'
export type { Distribution, RandomKeysOptions } from './generators.ts'
