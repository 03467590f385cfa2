/** The records of the testing entry: theorems, and fast-check as it is handed in. */
import type { Arbitrary } from 'fast-check'
import type fastCheck from 'fast-check'

/** The fast-check module: `import fc from 'fast-check'`. */
export type FastCheck = typeof fastCheck

/** n keys of d coordinates each. */
export type Rows = readonly (readonly number[])[]

/** How large the key sets are that an arbitrary draws. */
export interface SizeOptions {
  /** 1 unless given. */
  readonly minKeys?: number | undefined
  /** 7 unless given. */
  readonly maxKeys?: number | undefined
  /** 1 unless given. */
  readonly minDimension?: number | undefined
  /** 3 unless given. */
  readonly maxDimension?: number | undefined
}

/** A claim that can be tested: instances that satisfy its hypotheses, and a check that each must pass. */
export interface Theorem<Instance = unknown> {
  /** Short, in kebab case, unique. */
  readonly id: string
  /** What is claimed: Markdown with TeX between dollar signs. */
  readonly statement: string
  /** What every instance satisfies; drop any one, and some instance fails the check. */
  readonly hypotheses: readonly string[]
  /** Where the claim, or the error in a claim, is published. */
  readonly source: string
  /** Random instances that satisfy the hypotheses and shrink to small ones. */
  arbitrary(fc: FastCheck): Arbitrary<Instance>
  /** Returns nothing when the theorem holds on the instance; throws an Error that says what failed when it does not. */
  check(instance: Instance): void
  /** The instances that a user's own keys make: none when the theorem does not speak of them. */
  about(keys: Rows): readonly Instance[]
}
