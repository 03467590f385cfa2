/** The tests that judge the judge: a mutant is killed by the first of them that fails. */
export const suites = [
  'edges',
  'verify',
  'verify-query',
  'verify-hull',
  'weights',
  'enclosure',
  'face',
  'ends',
  'factors',
  'inside',
  'json',
  'selectability',
  'exact',
  'bounds',
  'biased',
  'properties',
]
