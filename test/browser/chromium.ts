/**
 * A real Chromium out of an npm package, so that browser tests need nothing installed by hand.
 *
 * `@sparticuz/chromium` carries the browser, its libraries and a font in compressed form, and by itself unpacks them into the
 * machine's temporary folder, where two test files at once would find half a browser. Here they are unpacked once into
 * `node_modules/.cache`, under another name first.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { root } from '../root.ts'

const require = createRequire(import.meta.url)
const entry = require.resolve('@sparticuz/chromium')
/** One folder a copy of the package. */
const cache = join(root, 'node_modules/.cache')
const home = join(cache, `chromium-${(require(manifestOf(entry)) as { version: string }).version}`)

function manifestOf(path: string): string {
  const file = join(dirname(path), 'package.json')
  const found = existsSync(file) && (require(file) as { name?: string }).name === '@sparticuz/chromium'
  return found ? file : manifestOf(dirname(path))
}

/** Unpacks the browser where it is not yet; about two seconds. */
function unpack(): void {
  if (existsSync(home)) return
  mkdirSync(cache, { recursive: true })
  const scratch = mkdtempSync(join(cache, 'chromium-'))
  const program = `import(${JSON.stringify(pathToFileURL(entry).href)}).then(({ default: c }) => (c.default ?? c).executablePath())`
  // The name of an environment that lacks the libraries makes the package unpack its own.
  const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: scratch, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }
  execFileSync(process.execPath, ['--eval', program], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const fonts = `<dir>${join(home, 'fonts/fonts')}</dir><cachedir>${join(home, 'fonts-cache')}</cachedir>`
  writeFileSync(join(scratch, 'fonts/fonts.conf'), `<?xml version="1.0"?>\n<fontconfig>${fonts}</fontconfig>\n`)
  try {
    renameSync(scratch, home)
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true })
    // Another test file was faster.
    if (!existsSync(home)) throw error
  }
}

/** Starts the browser; the caller closes it. The package is for Linux on x64: elsewhere `CHROMIUM_PATH` names an installed one. */
export async function launchChromium(): Promise<Browser> {
  const { LD_LIBRARY_PATH: own, CHROMIUM_PATH: installed } = process.env
  if (installed === undefined) unpack()
  return chromium.launch({
    executablePath: installed ?? join(home, 'chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--font-render-hinting=none'],
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(home, 'fonts'),
      LD_LIBRARY_PATH: [own, join(home, 'al2023/lib')].filter(Boolean).join(':'),
    },
  })
}
