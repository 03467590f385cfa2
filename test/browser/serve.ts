/** A folder over HTTP, on a port of its own, with the headers that a test asks for. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** What the documentation promises to run under. */
export const contentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

export interface Served {
  /** The address of the folder, with a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

/** Serves `folder` below the path `base`; a folder's page is its `index.html`, and anything missing is a 404. */
export async function serve(
  folder: string,
  { base = '/', headers = {} }: { base?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Served> {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent((request.url ?? '').replace(/[?#].*$/, ''))
    const file = normalize(join(folder, path.slice(base.length), path.endsWith('/') ? 'index.html' : ''))
    try {
      if (!path.startsWith(base) || !file.startsWith(folder + sep)) throw new Error('outside')
      const body = await readFile(file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', ...headers })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  }
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
