/** Seeded small key sets, most of them degenerate: what the soak decides and the exact oracle judges. */

/** A key set of a family; `float32` when its keys are float32 numbers. */
export interface SoakSet {
  readonly rows: number[][]
  readonly bias: number[] | undefined
}

/** Uniform numbers in [0, 1). */
export type Uniform = () => number

export interface Family {
  readonly name: string
  /** Whether ties, copies, faces or one-ulp neighbours decide its verdicts. */
  readonly degenerate: boolean
  readonly make: (uniform: Uniform) => SoakSet
}

const integer = (uniform: Uniform, low: number, high: number): number => low + Math.floor(uniform() * (high - low + 1))

function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

function table(n: number, d: number, entry: () => number): number[][] {
  return Array.from({ length: n }, () => Array.from({ length: d }, entry))
}

function sizes(uniform: Uniform): [number, number] {
  return [integer(uniform, 2, 14), integer(uniform, 1, 5)]
}

/** The float next to x, `steps` ulps away, towards infinity for positive steps. */
export function ulps(x: number, steps: number): number {
  const word = new Float64Array([x])
  const bits = new BigInt64Array(word.buffer)
  const ordered = (bits[0]! < 0n ? -(bits[0]! & 0x7fffffffffffffffn) : bits[0]!) + BigInt(steps)
  bits[0] = ordered < 0n ? -ordered | -0x8000000000000000n : ordered
  return Number.isFinite(word[0]) ? word[0]! : x
}

function lattice(uniform: Uniform): number[][] {
  const [n, d] = sizes(uniform)
  const width = integer(uniform, 1, 4)
  return table(n, d, () => integer(uniform, -width, width))
}

/** Keys on faces: halves, copies and sums of others, in exact binary fractions. */
function planted(uniform: Uniform): number[][] {
  const rows = lattice(uniform)
  const pick = (): number[] => rows[integer(uniform, 0, rows.length - 1)]!
  for (let more = integer(uniform, 1, 5); more > 0; more--) {
    const [a, b, c] = [pick(), pick(), pick()]
    const share = integer(uniform, 0, 4) / 4
    rows.push(a.map((x, at) => (x * share + b[at]! * (1 - share)) / 2 + c[at]! / 2))
  }
  return rows
}

function perturbed(rows: number[][], uniform: Uniform, share: number): number[][] {
  return rows.map((row) => row.map((x) => (uniform() < share ? ulps(x, integer(uniform, -1, 1)) : x)))
}

const plain = (make: (uniform: Uniform) => number[][]) => {
  return (uniform: Uniform): SoakSet => ({ rows: make(uniform), bias: undefined })
}

const biased = (make: (uniform: Uniform) => number[][], width: number) => {
  return (uniform: Uniform): SoakSet => {
    const rows = make(uniform)
    return { rows, bias: rows.map(() => integer(uniform, -width, width) / 2) }
  }
}

function lowRank(uniform: Uniform): number[][] {
  const [n, d] = sizes(uniform)
  const axes = table(integer(uniform, 1, Math.max(1, d - 1)), d, () => integer(uniform, -2, 2))
  return Array.from({ length: n }, () => {
    const row = new Array<number>(d).fill(0)
    for (const axis of axes) {
      const factor = integer(uniform, -3, 3)
      axis.forEach((x, c) => (row[c]! += factor * x))
    }
    return row
  })
}

function gaussian(uniform: Uniform): number[][] {
  const [n, d] = sizes(uniform)
  return table(n, d, () => normal(uniform))
}

/** float32 keys, mean-centred in float32: on a hyperplane but for rounding. */
function centred(uniform: Uniform): number[][] {
  const [n, d] = sizes(uniform)
  return table(n, d + 1, () => Math.fround(normal(uniform))).map((row) => {
    const mean = Math.fround(row.reduce((sum, x) => sum + x, 0) / row.length)
    return row.map((x) => Math.fround(x - mean))
  })
}

function mixedMagnitudes(uniform: Uniform): number[][] {
  const [n, d] = sizes(uniform)
  return table(n, d, () => integer(uniform, -3, 3) * 2 ** integer(uniform, -1000, 990))
}

/** A coordinate that all keys share and that dwarfs the others. */
function dwarfed(uniform: Uniform): number[][] {
  const rows = planted(uniform)
  const [large, small] = [2 ** integer(uniform, 900, 1020), 2 ** -integer(uniform, 60, 1000)]
  return rows.map((row) => [large, ...row.map((x) => x * small)])
}

/** Ordinary keys, and some so small that their squares underflow. */
function tinyAmong(uniform: Uniform): number[][] {
  return [...gaussian(uniform)].map((row) => (uniform() < 0.3 ? row.map((x) => x * 2 ** -540) : row))
}

function subnormal(uniform: Uniform): number[][] {
  return lattice(uniform).map((row) => row.map((x) => x * Number.MIN_VALUE))
}

/** Keys rounded onto a simplex's facet: one ulp inside or outside. */
function nearFacet(uniform: Uniform): number[][] {
  const d = integer(uniform, 2, 4)
  const corners = table(d + 1, d, () => normal(uniform))
  const rows = [...corners]
  for (let more = integer(uniform, 1, 5); more > 0; more--) {
    const weights = Array.from({ length: d }, () => uniform() + 0.1)
    const total = weights.reduce((sum, w) => sum + w, 0)
    rows.push(
      Array.from({ length: d }, (_, c) => weights.reduce((sum, w, s) => sum + (w / total) * corners[s]![c]!, 0)),
    )
  }
  return rows
}

export const families: readonly Family[] = [
  { name: 'Gaussian', degenerate: false, make: plain(gaussian) },
  { name: 'lattice', degenerate: true, make: plain(lattice) },
  { name: 'lattice, one ulp off', degenerate: true, make: plain((u) => perturbed(lattice(u), u, 0.3)) },
  { name: 'planted on faces', degenerate: true, make: plain(planted) },
  { name: 'planted, one ulp off', degenerate: true, make: plain((u) => perturbed(planted(u), u, 0.1)) },
  { name: 'low rank', degenerate: true, make: plain(lowRank) },
  { name: 'low rank, one ulp off', degenerate: true, make: plain((u) => perturbed(lowRank(u), u, 0.1)) },
  { name: 'rounded onto a facet', degenerate: true, make: plain(nearFacet) },
  { name: 'float32, centred', degenerate: true, make: plain(centred) },
  { name: 'mixed magnitudes', degenerate: true, make: plain(mixedMagnitudes) },
  { name: 'dwarfed by a shared coordinate', degenerate: true, make: plain(dwarfed) },
  { name: 'tiny keys among others', degenerate: true, make: plain(tinyAmong) },
  { name: 'subnormal', degenerate: true, make: plain(subnormal) },
  { name: 'Gaussian, biased', degenerate: false, make: biased(gaussian, 3) },
  { name: 'lattice, biased', degenerate: true, make: biased(lattice, 3) },
  { name: 'planted, biased', degenerate: true, make: biased(planted, 4) },
  { name: 'mixed magnitudes, biased', degenerate: true, make: biased(mixedMagnitudes, 3) },
]
