// @ts-check
/**
 * The baseline: one linear program a key, as in Grivas et al. 2022, in HiGHS (WebAssembly) with a persistent model that is
 * loaded once and changed from key to key, which is the fastest use that the `highs` package offers. The tests use it as
 * an oracle, so what the benchmark is compared with is known to be right.
 */
import loadHighs from 'highs'

/**
 * `selectable` is null where HiGHS ends with neither a solution nor a proof that there is none, as it now and then does.
 *
 * @typedef {{ selectable: (i: number) => boolean | null, dispose: () => void }} Baseline
 */

/** @type {Promise<import('highs').Highs> | undefined} */
let loading

/** HiGHS, loaded once. */
export function highs() {
  loading ??= loadHighs()
  return loading
}

/**
 * HiGHS tolerates 1e-7 and drops coefficients under 1e-9, so keys are scaled to 1 in magnitude first.
 *
 * @param {ArrayLike<number>} data
 */
function normalise(data) {
  const values = Float64Array.from(data)
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest > 0 ? values.map((value) => value / largest) : values
}

/**
 * @param {number} major
 * @param {number} minor
 */
function denseIndex(major, minor) {
  return {
    starts: Int32Array.from({ length: major + 1 }, (_, r) => r * minor),
    indices: Int32Array.from({ length: major * minor }, (_, at) => at % minor),
  }
}

/** @param {import('highs').Model} model */
function quiet(model) {
  model.options.set({ output_flag: false })
}

/**
 * Separation: maximise `q·k_i − t` over `q·k_j <= t` for j ≠ i and −1 <= q <= 1. The optimum is how far the best query of
 * that box puts key i above the others: the key is selectable when it is positive. From key to key the objective
 * changes and one row is freed.
 *
 * @param {import('highs').Highs} solver
 * @param {ArrayLike<number>} data n×d, row-major
 * @param {number} n
 * @param {number} d
 */
export function separation(solver, data, n, d) {
  const { infinity, constants } = solver
  const keys = normalise(data)
  const m = d + 1
  const values = new Float64Array(n * m)
  for (let j = 0; j < n; j++) {
    values.set(keys.subarray(j * d, (j + 1) * d), j * m)
    values[j * m + d] = -1
  }
  // |q·k_j| <= d, so these bounds on t bind nowhere but keep the program bounded when n = 1.
  const model = solver.createModel({
    numCols: m,
    numRows: n,
    sense: constants.objectiveSense.maximize,
    colCost: new Float64Array(m),
    colLower: Float64Array.from({ length: m }, (_, c) => (c < d ? -1 : -2 * d - 1)),
    colUpper: Float64Array.from({ length: m }, (_, c) => (c < d ? 1 : 2 * d + 1)),
    rowLower: new Float64Array(n).fill(-infinity),
    rowUpper: new Float64Array(n),
    matrix: { format: 'csr', numRows: n, numCols: m, values, ...denseIndex(n, m) },
  })
  quiet(model)
  const cost = new Float64Array(m)
  const columns = /** @type {const} */ ({ kind: 'range', from: 0, to: d })
  cost[d] = -1
  let free = -1

  /**
   * The optimum, or null where HiGHS does not find it.
   *
   * @param {number} i
   */
  function solve(i) {
    cost.set(keys.subarray(i * d, (i + 1) * d))
    model.changeColsCost(columns, cost)
    if (free >= 0) model.changeRowBounds(free, -infinity, 0)
    model.changeRowBounds(i, -infinity, infinity)
    free = i
    model.run()
    return model.getModelStatus() === constants.modelStatus.optimal ? model.getObjectiveValue() : null
  }

  /** @param {number} i */
  function margin(i) {
    const optimum = solve(i)
    if (optimum === null) throw new Error(`HiGHS: status ${model.getModelStatus()} on key ${i}`)
    return optimum
  }

  return {
    solve,
    margin,
    /** @param {number} i */
    selectable: (i) => margin(i) > 1e-7,
    dispose: () => model.dispose(),
  }
}

/**
 * Feasibility: `Σ w_j k_j = k_i`, `Σ w_j = 1`, `w >= 0`, `w_i = 0`. The key is selectable when no such weights exist. From
 * key to key the right-hand side changes and one column is closed.
 *
 * @param {import('highs').Highs} solver
 * @param {ArrayLike<number>} data n×d, row-major
 * @param {number} n
 * @param {number} d
 * @returns {Baseline}
 */
export function feasibility(solver, data, n, d) {
  const { infinity, constants } = solver
  const keys = normalise(data)
  const m = d + 1
  const values = new Float64Array(n * m)
  for (let j = 0; j < n; j++) {
    values.set(keys.subarray(j * d, (j + 1) * d), j * m)
    values[j * m + d] = 1
  }
  const right = new Float64Array(m).fill(1)
  const model = solver.createModel({
    numCols: n,
    numRows: m,
    colCost: new Float64Array(n),
    colLower: new Float64Array(n),
    colUpper: new Float64Array(n).fill(infinity),
    rowLower: right,
    rowUpper: right,
    matrix: { format: 'csc', numRows: m, numCols: n, values, ...denseIndex(n, m) },
  })
  quiet(model)
  const rows = /** @type {const} */ ({ kind: 'range', from: 0, to: d })
  const { optimal, infeasible, unboundedOrInfeasible } = constants.modelStatus
  let closed = -1

  return {
    selectable(i) {
      right.set(keys.subarray(i * d, (i + 1) * d))
      model.changeRowsBounds(rows, right, right)
      if (closed >= 0) model.changeColBounds(closed, 0, infinity)
      model.changeColBounds(i, 0, 0)
      closed = i
      model.run()
      const status = model.getModelStatus()
      if (status === optimal) return false
      // Without an objective, "unbounded or infeasible" is infeasible.
      return status === infeasible || status === unboundedOrInfeasible ? true : null
    },
    dispose: () => model.dispose(),
  }
}
