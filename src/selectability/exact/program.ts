/** The linear program behind a range of factors: `{x >= 0 : Σ x_s·column_s = right}`, of which the first unknown is asked for. */

/** `count` columns of `rank` integers each, made when they are asked for. */
export interface Program {
  readonly count: number
  readonly rank: number
  readonly column: (s: number) => bigint[]
  readonly right: readonly bigint[]
  /** The columns as floats, count × rank: column s times 2^−exponents[s], each entry within u relative of that but for underflow. */
  readonly rounded: Float64Array
  readonly exponents: Int32Array
}

/** The number `n/d`, d > 0. */
export interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

/** What the first unknown is worth; `high` null stands for no end. */
export interface Range {
  readonly low: Fraction
  readonly high: Fraction | null
}
