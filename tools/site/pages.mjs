/** The pages of the site, in the order of its menu. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where files are that are no page. */
export const repository = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).homepage.replace(/#.*/, '')

/** Groups of the menu; `source` is a path in the repository, `page` the address in the site. */
const named = [
  {
    title: 'Start',
    pages: [
      { source: 'docs/index.md', page: 'index.html', title: 'Home' },
      { source: 'docs/guide.md', page: 'guide.html', title: 'Guide' },
      { source: 'docs/demo/index.html', page: 'demo.html', title: 'Demo' },
    ],
  },
  { title: 'Understand', pages: [] },
  {
    title: 'Use',
    pages: [
      { source: 'docs/cli.md', page: 'cli.html', title: 'Command line' },
      { source: 'examples/README.md', page: 'examples.html', title: 'Examples' },
      { source: 'api', page: 'api/index.html', title: 'API reference' },
    ],
  },
  {
    title: 'Project',
    pages: [
      { source: 'README.md', page: 'readme.html', title: 'Readme' },
      { source: 'docs/architecture.md', page: 'architecture.html', title: 'Architecture' },
      { source: 'docs/dependencies.md', page: 'dependencies.html', title: 'Dependencies' },
      { source: 'CHANGELOG.md', page: 'changelog.html', title: 'Changelog' },
    ],
  },
]

/** The other pages of `docs/` explain: in this order, and after these as they are found. */
const order = ['geometry', 'exactness', 'scaling', 'cluster', 'kernels', 'findings']
const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length)

const explaining = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.slice(0, -'.md'.length))
  .filter((name) => !named.some(({ pages }) => pages.some(({ source }) => source === `docs/${name}.md`)))
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  .map((name) => ({ source: `docs/${name}.md`, page: `${name}.html`, title: titleOf(`docs/${name}.md`) }))

export const groups = named.map((group) => (group.title === 'Understand' ? { ...group, pages: explaining } : group))

export const pages = groups.flatMap((group) => group.pages)

/** The API reference has a page an entry of the package: TypeDoc's module, its entry file, and what users import. */
export const entries = [
  { module: 'index', file: 'src/index.ts', name: 'selectability' },
  { module: 'kernels', file: 'src/kernels.ts', name: 'selectability/kernels' },
  { module: 'testing', file: 'src/testing/index.ts', name: 'selectability/testing' },
]

/** The address of an entry's page. */
export const pageOf = (module) => `api/${module === 'index' ? 'selectability' : module}.html`

function titleOf(source) {
  const title = /^# (.+)$/m.exec(readFileSync(join(root, source), 'utf8'))?.[1]
  if (title === undefined) throw new Error(`${source}: expected a heading "# ...", the name of the page in the menu`)
  return title
}
