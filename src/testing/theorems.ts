/** The theorems: every claim about selectability and LayerNorm, and every counterexample that bounds one. */
import { unselectableIffInHull, keyOnAFaceIsTied } from './theorems/hull.ts'
import { constantKeysLeaveTheSphere, epsilonBreaksTheSphere } from './theorems/inside.ts'
import { injectiveMapsKeepVerdicts, projectionAloneIsNotEnough, rankLosingMapUndoesLayerNorm } from './theorems/maps.ts'
import {
  layerNormIsProjectionThenScaling,
  projectionAllowsUniformAttention,
  scalingPutsKeysOnASphere,
} from './theorems/normalisation.ts'
import { largeKeySwallowsNeighbours, threeKeysInThePlane } from './theorems/overshadowing.ts'
import { gainKeepsAllSelectable, layerNormMakesAllSelectable, rmsNormMakesAllSelectable } from './theorems/sphere.ts'
import { keysOnARayTie, normalisedDuplicatesTie, planeCollapses } from './theorems/ties.ts'
import { entropyBoundIsAttained, selectableCanTakeAll, unselectableCannotDominate } from './theorems/weights.ts'
import type { Theorem } from './types.ts'

/**
 * What holds of attention, LayerNorm and selectable keys, in the form in which it is true.
 *
 * Each theorem has instances that satisfy its hypotheses and a check that returns nothing, or throws an Error that says what
 * failed. Verdicts are asked at tolerance 0 wherever the numbers are exact; elsewhere tolerances are bounds of rounding errors.
 *
 * Sources: S. Brody, U. Alon, E. Yahav, *On the Expressivity Role of LayerNorm in Transformers' Attention*, 2023,
 * arXiv:2305.02582, and what each theorem names.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { theorems } from 'selectability/testing'
 *
 * for (const theorem of theorems) {
 *   fc.assert(fc.property(theorem.arbitrary(fc), (instance) => theorem.check(instance)), { numRuns: 5 })
 * }
 * theorems[0].id // => 'layernorm-is-projection-then-scaling'
 * ```
 */
export const theorems: readonly Theorem[] = [
  layerNormIsProjectionThenScaling,
  scalingPutsKeysOnASphere,
  unselectableIffInHull,
  largeKeySwallowsNeighbours,
  projectionAloneIsNotEnough,
  layerNormMakesAllSelectable,
  rmsNormMakesAllSelectable,
  projectionAllowsUniformAttention,
  selectableCanTakeAll,
  unselectableCannotDominate,
  entropyBoundIsAttained,
  gainKeepsAllSelectable,
  injectiveMapsKeepVerdicts,
  keyOnAFaceIsTied,
  threeKeysInThePlane,
  epsilonBreaksTheSphere,
  constantKeysLeaveTheSphere,
  normalisedDuplicatesTie,
  keysOnARayTie,
  planeCollapses,
  rankLosingMapUndoesLayerNorm,
]
