/** Why a mutant that survived is none that a test should tell: by file, by what the code was, and by what it became. */

const shortCut = 'A short cut: without it the same answer, later.'
const pastTheEnd = 'One round past the end reads nothing that counts, and what it writes is dropped.'
const zeroSign = '−0 is 0 for integers.'
const pivotSign = 'A pivot, a determinant and their sign are never 0.'
const anyStart = 'From any basis, a start or none, the search comes to the same end: the interval is unique.'
const secondOrder = 'A change of second order in u, where the bound has whole roundings to spare.'

const reasons = [
  ['acceptance.ts', 'ceiling > 0', 'ceiling >= 0', 'A ceiling of 0 is as good as any: products must be below it.'],
  [/./u, /^(a\.m|b\.m|x|m) < 0n$/u, /<= 0n$/u, zeroSign],
  [/./u, /^(element|sign|det) < 0n$/u, /<= 0n$/u, pivotSign],
  [/^(?!form)/u, /^(at|c|j|s|r|k|w|step) < [\w.]+$/u, /<=/u, pastTheEnd],
  [
    'certificate.ts',
    'exactQuery === undefined',
    /./u,
    'The filter spares work alone: an exact query’s rounding moves no gap by more than the bound.',
  ],
  ['certificate.ts', '[]', /./u, 'The first key replaces it.'],
  ['certificate.ts', 'compare(gap, most) > 0', /./u, 'An equal gap is the same number.'],
  ['certificate.ts', 'gap.m > 0n', /./u, 'A gap of 0 exceeds nothing, whatever the tolerance.'],
  ['certificate.ts', 'least.m < 0n', /./u, 'It subtracts 0.'],
  [
    'bounds.ts',
    /gamma\(|2 \* d/u,
    /./u,
    'A change of second order in u, beside the whole rounding that the bound has for the comparison of two gaps.',
  ],
  ['exact/dyadic.ts', '1 - low', /./u, 'Where the low word comes first, `low` is 0.'],
  ['exact/dyadic.ts', /^[ab]\.m === 0n$/u, 'false', shortCut],
  ['exact/dyadic.ts', /^76 \+/u, /./u, 'More bits than it takes.'],
  ['exact/linear.ts', /^(columns\.length < table\.length|divisor === 1n|x !== 0n)$/u, /./u, shortCut],
  [
    'exact/ends.ts',
    '[]',
    '["Stryker was here"]',
    'No column has such a number, and no weight of an empty basis is read.',
  ],
  ['exact/ends.ts', '2 * rank', '2 / rank', secondOrder],
  ['exact/ends.ts', /^sign \* sum > relative/u, />=/u, 'A product as large as its error bound is still not below 0.'],
  ['dominated.ts', /^(reduced|enter < 0)$/u, 'false', shortCut],
  [
    'dominated.ts',
    /^corral\.size\(\) !==/u,
    'false',
    'Whatever basis it begins with, what comes of it is proven or not.',
  ],
  [
    'dominated.ts',
    'w !== v',
    'true',
    'Where a proof is to be had, some corner of it is farther above than the key itself.',
  ],
  ['dominated.ts', '-1', '+1', 'Where no key is above, none that is brought in helps, up to the limit.'],
  ['dominated.ts', /^step/u, /./u, 'The limit is for a cycle that rounding would make, and none is known.'],
  ['dominated.ts', /^value \* \(depth/u, />=/u, 'At the limit itself there are factors of 2 to spare.'],
  [
    'dominated.ts',
    /^(above > most|sum > 0|ratio < least)$/u,
    /=/u,
    'Of equal ones each will do, and a ratio to 0 is infinite.',
  ],
  [
    'dominated.ts',
    'w > bound',
    'w >= bound',
    'The bound is rounded up, so that a weight equal to it is above its error.',
  ],
  ['dominated.ts', /gamma\(2 \* m|^2 \* m/u, /./u, secondOrder],
  ['enclosure.ts', /^Math\.abs\(a\[r/u, />=/u, 'Of pivots of one size each will do.'],
  ['enclosure.ts', 'round < rounds', 'round <= rounds', 'One round of refinement more.'],
  ['enclosure.ts', /^bound <= ldexp/u, /</u, 'At the tolerance itself exact weights are solved for instead.'],
  [
    'enclosure.ts',
    'w > bound',
    'w >= bound',
    'The bound is rounded up, so that a weight equal to it is above its error.',
  ],
  ['enclosure.ts', 'alpha < 1', 'alpha <= 1', 'At 1 the bound is infinite, and no weight is above it.'],
  [
    'enclosure.ts',
    /2 \*\* -1000$/u,
    /-/u,
    'The absolute term is 2^50 times what underflow needs, and vanishes beside any other.',
  ],
  ['enclosure.ts', /2 \* m|1 \+ u|1 - u|^m \+ 1$|^Math\.abs\(\(r === c|^row \* raised$/u, /./u, secondOrder],
  [
    'enclosure.ts',
    /^(reach \* raised|\(distance \/ \(1 - alpha\)\) \* raised)$/u,
    /./u,
    'α has two roundings more of |R||B| than it takes, which is more than the sums here were ever seen to lose.',
  ],
  [
    'within.ts',
    /^refined\.bound </u,
    /^(false|refined\.bound < scaled)$/u,
    'The bound spares an exact comparison, which accepts what it does.',
  ],
  [
    'exactly.ts',
    /manyDimensions|^near === null$/u,
    /./u,
    'With a search in floats first or without, the decision is exact: which is taken is a matter of time.',
  ],
  ['exactly.ts', /^'query'/u, /^(false|"")$/u, 'An exact search from nothing finds the query again: a matter of time.'],
  ['exact/fixed.ts', /^x < -one/u, /<=/u, 'e^−128 is less than a unit.'],
  ['exact/fixed.ts', 'sum += term', 'sum -= term', 'An even power follows, and the sign is lost.'],
  [
    'exact/fixed.ts',
    /^(exponential\(-y\) \+ 2n|doublings \+ BigInt\(length\))$/u,
    /-/u,
    'A unit or a few beside the square of the error of the engine’s logarithm, millions of units, which the bound has to spare.',
  ],
  ['hull.ts', /^(x|weights)\.length \+ /u, /./u, secondOrder],
  [
    'hull.ts',
    /gamma\(4 \* m|^4 \* m/u,
    /./u,
    'A change of third order in u, where no case takes more than 0.57 of what is of second order.',
  ],
  [
    'hull.ts',
    '(m * (m + 7)) / 2 + 1',
    /- 1$/u,
    'Two parts of m(m + 7)/2 + 1, of which no case takes more than 0.57: docs/exactness.md says why.',
  ],
  ['hull.ts', 'w > 0', 'w >= 0', 'A weight of 0 is 0 either way.'],
  ['hull.ts', 'round < rounds', 'round <= rounds', 'One round of refinement more.'],
  ['exactly.ts', '[]', '["Stryker was here"]', 'A selecting proof has no support.'],
  [
    'exactly.ts',
    'tolerance > 0',
    /./u,
    'At tolerance 0 all keys but copies are past it, and the decision has tried them.',
  ],
  [
    'exactly.ts',
    'keys.bias !== null',
    'true',
    'With rises of 0 the nearest point is the same, and so is its direction, lengthened.',
  ],
  ['exact/decide.ts', '[]', '["Stryker was here"]', 'No key has such a number.'],
  ['exact/decide.ts', 'face.support.length > width', 'false', shortCut],
  ['exact/decide.ts', 'at >= 0', 'at > 0', 'One hint less to try first.'],
  ['exact/decide.ts', '!biased', 'true', 'Weights shared with what is found later prove the same, in longer numbers.'],
  ['exact/decide.ts', 'needed > most', 'needed >= most', 'An equal number is the same number.'],
  [
    'exact/nearest.ts',
    'w > 0n',
    'w >= 0n',
    'A vertex of weight 0 that stays is no part of the answer, and leaves by a step of no length once another enters.',
  ],
  [
    'exact/nearest.ts',
    /^own \* denominator </u,
    /<=/u,
    'Of vertices that leave at the same step each gives that step.',
  ],
  ['exact/nearest.ts', /^line\.rise > /u, />=/u, 'Of lines equal in what counts each will do.'],
  ['exact/nearest.ts', 'at(line) < at(best)', /<=/u, 'Of lines that meet there each will do.'],
  [
    /^exact\/(range|simplex)\.ts$/u,
    /^(basis\[r\]|j) < basis\[best\]$/u,
    /<=/u,
    'Two rows of one index are artificial, and either may leave.',
  ],
  [
    'exact/range.ts',
    /^(bland|false|level\[r\] === 0n)$/u,
    'true',
    'Bland’s rule from the first pivot on: another way to the end, which is unique.',
  ],
  [
    'exact/range.ts',
    /^\{\s+(for \(const j of start|const entering = entriesOf\(j\))|^\(entry, s\)|^basis\[s\] === artificial|^r >= 0$/u,
    /./u,
    anyStart,
  ],
  ['exact/range.ts', /^(x < level\[low\]|level\[lowest\] >= 0n)$/u, /./u, anyStart],
  [
    'exact/padic.ts',
    'f * f <= x',
    'f * f < x',
    'No square lies between a power of two from 2^20 to 2^26 and the fifth prime below it: all that is asked about.',
  ],
  [
    'exact/padic.ts',
    /^(chosen\.length < m|factor [!=]== 0|power === undefined|digits\.length === at|rows\.length < m)$/u,
    /./u,
    'A short cut: without it the same answer, later, also where matrices of 0 are added.',
  ],
  [
    'exact/padic.ts',
    /^r \+ 3/u,
    /./u,
    'Four rows at a time or one by one: the same sums; what is written past the end is dropped.',
  ],
  ['exact/padic.ts', /^entry < 0n$/u, /<= 0n$/u, zeroSign],
  ['exact/padic.ts', /^(b > limit|t < 0n)$/u, /=/u, 'Hadamard’s bound is never reached, and no denominator is 0.'],
  ['exact/padic.ts', 'bitLength(dotIntegers(row, row) + own * own) / 2', /\*/u, 'More digits than it takes.'],
  [
    'exact/padic.ts',
    '2 * bound + 1',
    '2 * bound - 1',
    '`bitLength` counts up to three bits too many a row, so that two are to spare.',
  ],
  ['exact/padic.ts', 'new Array<number>(steps)', 'new Array()', 'Every entry is set in any case.'],
  ['exact/simplex.ts', '[]', '["Stryker was here"]', 'No point has such a number.'],
  ['proof.ts', 'tolerance > 0', /./u, 'At tolerance 0 no bound is within it, so that null follows either way.'],
  ['face.ts', '-1', '+1', 'Replaced with the row that is found, or not read where none is.'],
  ['exact/weights.ts', 'x * sign', 'x / sign', 'It is 1 or −1.'],
  ['exact/weights.ts', 'new Array<bigint>(m)', 'new Array()', 'Every entry is set in any case.'],
  ['exact/support.ts', 'spansSpace(points, keys.d)', 'false', shortCut],
]

const fits = (pattern, text) => (typeof pattern === 'string' ? pattern === text : pattern.test(text))

/** The reason for a mutant, or null where none is known: a test is missing. */
export function reasonFor(file, from, to) {
  return (
    reasons.find(([files, original, mutant]) => fits(files, file) && fits(original, from) && fits(mutant, to))?.[3] ??
    null
  )
}
