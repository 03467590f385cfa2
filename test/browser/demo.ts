/** The demo in a real browser, under its policy and below a sub-path; whatever goes wrong in it is noted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { buildPreview } from '../../tools/site/preview.mjs'
import { decode } from '../../docs/demo/state.ts'
import type { State } from '../../docs/demo/state.ts'
import { pages } from '../../tools/site/pages.mjs'
import { launchChromium } from './chromium.ts'
import { contentSecurityPolicy, serve } from './serve.ts'

export interface Demo {
  /** The address of the page, without a state. */
  readonly url: string
  /** Other pages of the site. */
  readonly pages: readonly string[]
  /** Errors of the console, exceptions, and requests to other places; [] as long as all is well. */
  readonly problems: string[]
  /** What the server was asked for, by the last page. */
  readonly asked: readonly string[]
  /** A new page that shows the state named by `hash`, in a context of its own. */
  open(hash?: string, options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

export async function openDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'selectability-demo-'))
  const out = join(folder, 'site')
  await buildPreview(out)
  const served = await serve(out, { base: '/below/', headers: { 'content-security-policy': contentSecurityPolicy } })
  const browser = await launchChromium()
  const problems: string[] = []
  let asked: string[] = []
  const url = `${served.url}demo.html`
  return {
    url,
    pages: pages.filter(({ source }) => source.endsWith('.md')).map(({ page }) => new URL(page, url).href),
    problems,
    get asked() {
      return asked
    },
    async open(hash = '', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
      const page = await context.newPage()
      // As long as a test may take: two slow cores shared with others must not turn it red.
      page.setDefaultTimeout(100_000)
      asked = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`)
      })
      page.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
      context.on('request', (request) => {
        asked.push(request.url())
        if (!request.url().startsWith(served.url) && !request.url().startsWith('blob:'))
          problems.push(`asks for ${request.url()}`)
      })
      await page.goto(`${url}${hash}`)
      await page.waitForSelector('html[data-ready]')
      return page
    },
    async close() {
      await browser.close()
      await served.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The verdicts that the list of keys shows. */
export async function badgesOf(page: Page): Promise<string[]> {
  return page.locator('#rows .badge').allTextContents()
}

/** Waits until what was done is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** The state in the address, once it has been written. */
export async function stateOf(page: Page): Promise<State> {
  await drawn(page)
  await page.waitForSelector('#status[aria-busy="false"]', { state: 'attached' })
  return decode(new URL(page.url()).hash)
}
