/** The API reference: TypeDoc reads the docstrings and writes Markdown, which becomes pages like all others. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application } from 'typedoc'
import { entries, pageOf, root } from './pages.mjs'

/** @returns the Markdown of each entry. A warning, such as a name without a docstring, is a mistake and fails the build. */
export async function readApi() {
  const out = mkdtempSync(join(tmpdir(), 'selectability-api-'))
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: entries.map(({ file }) => join(root, file)),
    tsconfig: join(root, 'tsconfig.json'),
    // The folder is named outright: TypeDoc's usual one is `docs`, and it empties what it writes to.
    outputs: [{ name: 'markdown', path: out }],
    readme: 'none',
    disableSources: true,
    excludeInternal: true,
    groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases'],
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hidePageTitle: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    validation: {
      notExported: true,
      invalidLink: true,
      rewrittenLink: true,
      notDocumented: true,
      unusedMergeModuleWith: true,
    },
    requiredToBeDocumented: [
      'Enum',
      'Variable',
      'Function',
      'Class',
      'Interface',
      'Accessor',
      'TypeAlias',
      'Method',
      'Property',
      'EnumMember',
    ],
    logLevel: 'Warn',
  })
  try {
    const project = await app.convert()
    if (project !== undefined) app.validate(project)
    if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) {
      throw new Error('TypeDoc: the docstrings have mistakes, named above')
    }
    await app.generateOutputs(project)
    return entries.map((entry) => ({ ...entry, text: readFileSync(join(out, `${entry.module}.md`), 'utf8') }))
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** Names of functions and types with the anchors of their headings, the main entry first. */
export function symbolsOf(api, slugify) {
  const symbols = new Map()
  for (const { module, text } of api) {
    for (const [, name] of text.matchAll(/^### (\w+)(?:\\?<.*)?(?:\(\))?$/gm)) {
      if (!symbols.has(name)) symbols.set(name, `${pageOf(module)}#${slugify(name)}`)
    }
  }
  return symbols
}
