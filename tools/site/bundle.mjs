/** Scripts and styles of the site, by Vite: hashed files that name one another relatively, nothing inline. */
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from './pages.mjs'

/** What pages load: an entry of docs/ and the name that the build gives it. */
const inputs = { theme: 'docs/theme/style.css', demo: 'docs/demo/main.ts' }

const alias = [
  { find: /^selectability\/kernels$/, replacement: join(root, 'src/kernels.ts') },
  // The build of the same parser that brings what browsers lack.
  { find: /^csv-parse\/sync$/, replacement: join(root, 'node_modules/csv-parse/dist/esm/sync.js') },
]

/** @returns the scripts and styles of every input, as addresses in the site */
export async function bundle(out) {
  await build({
    root,
    base: './',
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias },
    worker: { format: 'es' },
    build: {
      outDir: out,
      emptyOutDir: false,
      assetsDir: 'assets',
      // A data: address would be refused by the policy.
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      modulePreload: false,
      target: 'es2022',
      rolldownOptions: {
        // How long plugins wait for TypeDoc, which runs beside them, says nothing.
        checks: { pluginTimings: false },
        input: Object.fromEntries(Object.entries(inputs).map(([name, path]) => [name, join(root, path)])),
      },
    },
  })
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
  rmSync(join(out, 'manifest.json'))
  mkdirSync(join(out, 'assets'), { recursive: true })
  for (const name of ['theme.js', 'icon.svg']) copyFileSync(join(root, 'docs/theme', name), join(out, 'assets', name))
  return Object.fromEntries(Object.entries(inputs).map(([name, path]) => [name, filesOf(manifest, path)]))
}

/** An entry's own file, and the styles of it and of all that it imports. */
function filesOf(manifest, path) {
  const styles = new Set()
  const visit = (name) => {
    const { css = [], imports = [] } = manifest[name]
    for (const file of css) styles.add(file)
    imports.forEach(visit)
  }
  visit(path)
  const { file } = manifest[path]
  if (file.endsWith('.css')) return { scripts: [], styles: [file] }
  return { scripts: [file], styles: [...styles] }
}
