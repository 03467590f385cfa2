/** The tests that judge the judge: a mutant is killed by the first of them that fails. */
export const suites = ['edges', 'verify', 'weights', 'json', 'selectability', 'exact', 'bounds', 'biased', 'properties']
