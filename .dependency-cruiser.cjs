/** The arrows of docs/architecture.md. `test/architecture.test.ts` runs these rules, and checks that each of them bites. */

// What the judges stand on is held to the same rule, or the solver could come in through it.
const judges = '^src/selectability/((verify|certificate|form|bounds|keyset|types)[.]ts$|exact[./])'
const cliPackages = 'node_modules/(commander|csv-parse|cli-progress|yauzl)/'
// randomKeys hands out an ndarray of its own making, as users of the public API do.
const testingPackages = 'node_modules/(fast-check|seedrandom|ndarray)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'One idea a file: two files that need each other are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'kernels-use-nothing',
      comment: 'The kernels work without a dependency and under a CSP without unsafe-eval.',
      severity: 'error',
      from: { path: '^src/kernels/' },
      to: { pathNot: '^src/kernels/' },
    },
    {
      name: 'the-kernels-entry-never-meets-the-door',
      comment: 'The door uses ndarray, which generates code; who imports the kernels may forbid that.',
      severity: 'error',
      from: { path: '^src/kernels[.]ts$' },
      to: { path: '^src/matrix[.]ts$', reachable: true },
    },
    {
      name: 'only-the-switch-knows-the-backends',
      comment:
        'One file chooses between the SIMD kernels and the reference. A solver may keep keys there, screen them and walk among them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/kernels/(backend[.]ts$|simd/)' },
      to: { path: '^src/kernels/simd/', pathNot: '^src/kernels/simd/(pairs|screener|small|walker)[.]ts$' },
    },
    {
      name: 'the-door-is-at-the-bottom',
      comment:
        'matrix.ts turns inputs into numbers and knows nothing of what is done with them; arguments.ts has the words of errors.',
      severity: 'error',
      from: { path: '^src/(matrix|arguments)[.]ts$' },
      to: { path: '^src/', pathNot: '^src/arguments[.]ts$' },
    },
    {
      name: 'only-the-door-knows-ndarray',
      comment: 'Types may be named elsewhere; strides, offsets and dtypes are handled in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(matrix[.]ts$|testing/)' },
      to: { path: 'node_modules/ndarray(-ops)?/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'judges-do-not-know-the-solver',
      comment: 'certificate and exact decide whether the solver is right, so they share nothing with it.',
      severity: 'error',
      from: { path: judges },
      to: { path: '^src/', pathNot: [judges, '^src/(matrix|arguments)[.]ts$'] },
    },
    {
      name: 'the-checker-uses-the-door-and-the-kernels',
      severity: 'error',
      from: { path: '^src/selectability/' },
      to: { path: '^src/', pathNot: '^src/(selectability/|kernels/|(matrix|arguments)[.]ts$)' },
    },
    {
      name: 'attention-uses-the-door-and-the-kernels',
      severity: 'error',
      from: { path: '^src/(attention|layernorm)[.]ts$' },
      to: { path: '^src/', pathNot: '^src/(kernels/|(matrix|arguments|stack|mask)[.]ts$)' },
    },
    {
      name: 'stacks-and-masks-are-part-of-the-door',
      comment: 'They read inputs in the form that kernels take: of the kernels they know the types alone.',
      severity: 'error',
      from: { path: '^src/(stack|mask)[.]ts$' },
      to: { path: '^src/', pathNot: '^src/(matrix|arguments|stack|mask)[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'front-rooms-use-the-public-api',
      comment: 'What the command line and the testing entry need, users need too.',
      severity: 'error',
      from: { path: '^src/(cli|testing)/' },
      to: { path: '^src/', pathNot: '^src/($1/|index[.]ts$)' },
    },
    {
      name: 'nothing-uses-the-front-rooms',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|testing)/' },
      to: { path: '^src/(cli/|testing/)' },
    },
    {
      name: 'only-front-rooms-use-dev-packages',
      comment: 'A development dependency is not there when the package is installed; the command line bundles its own.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|testing)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'the-command-line-uses-what-it-bundles',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: 'node_modules/', pathNot: cliPackages },
    },
    {
      name: 'the-testing-entry-uses-its-peers',
      severity: 'error',
      from: { path: '^src/testing/' },
      to: { path: 'node_modules/', pathNot: testingPackages, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-workers-and-the-command-line-use-node',
      comment: 'Everything else runs in browsers.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|selectability/workers)' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // AssemblyScript is compiled by its own compiler, to bytes.
    exclude: { path: '^src/kernels/simd/assembly/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'require', 'node', 'types'],
    },
  },
}
