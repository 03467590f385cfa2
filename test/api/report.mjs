/**
 * The public API of the built package as text, one file an entry. `npm run api` writes the files; a test compares them, so that no
 * public name, type or docstring changes unnoticed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')

export const entries = ['index', 'kernels', 'testing']

/** The report of an entry, and what the extractor warns of. */
export function report(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'selectability-api-'))
  const warnings = []
  try {
    mkdirSync(join(folder, 'temp'))
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: join(root, 'dist', `${entry}.d.ts`),
        apiReport: {
          enabled: true,
          reportFileName: `${entry}.api.md`,
          reportFolder: folder,
          reportTempFolder: join(folder, 'temp'),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
        messages: {
          // typedoc checks links, and docstrings follow its syntax.
          extractorMessageReporting: {
            default: { logLevel: ExtractorLogLevel.Warning },
            'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
            'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
          },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
      configObjectFullPath: join(root, 'api-extractor.json'),
      packageJsonFullPath: join(root, 'package.json'),
    })
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback(message) {
        if (message.logLevel === 'warning' || message.logLevel === 'error') warnings.push(message.text)
        message.handled = true
      },
    })
    return { text: readFileSync(join(folder, `${entry}.api.md`), 'utf8').replaceAll('\r\n', '\n'), warnings }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where the report of an entry is kept. */
export const pathOf = (entry) => join(here, `${entry}.api.md`)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const entry of entries) {
    const { text, warnings } = report(entry)
    writeFileSync(pathOf(entry), text)
    for (const warning of warnings) console.warn(`${entry}: ${warning}`)
  }
}
