/** The browser that the other tests of this folder use: it starts anywhere, and it holds pages to their policy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { contentSecurityPolicy, serve } from './serve.ts'
import type { Served } from './serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'selectability-browser-'))
let browser: Browser
let served: Served

beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bare</title><script>document.title = "ran"</script>')
  served = await serve(folder, { base: '/below/', headers: { 'content-security-policy': contentSecurityPolicy } })
  browser = await launchChromium()
})

afterAll(async () => {
  await browser.close()
  await served.close()
  rmSync(folder, { recursive: true })
})

it('starts, and enforces the policy that pages are served with', async () => {
  const page = await browser.newPage()
  const refused: string[] = []
  page.on('console', (message) => refused.push(message.text()))
  await page.goto(served.url)
  expect(await page.title()).toBe('Bare')
  expect(refused.join()).toContain('Content Security Policy')
  expect(await page.evaluate(() => [typeof WebAssembly, typeof Worker])).toEqual(['object', 'function'])
})

it('serves nothing outside its folder', async () => {
  for (const path of ['below/missing.html', 'other/', 'below/%2e%2e/%2e%2e/etc/passwd']) {
    expect((await fetch(new URL(`/${path}`, served.url))).status).toBe(404)
  }
})
