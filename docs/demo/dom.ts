/** Elements found and made. Attributes only: inline styles are not allowed by the policy that the page runs under. */

export type Attributes = Readonly<Record<string, string | number | null>>

/** The element with an id; the page's markup has it, or the page is broken. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page lacks #${id}`)
  return found as unknown as T
}

/** Sets attributes; null removes one. Writes only what changed, so that nothing is laid out anew for nothing. */
export function set<T extends Element>(element: T, attributes: Attributes): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name)
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value))
  }
  return element
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = set(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes)
  element.append(...children)
  return element
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = set(document.createElement(tag), attributes)
  element.append(...children)
  return element
}

export function text(element: Element, value: string): void {
  if (element.textContent !== value) element.textContent = value
}

/** Makes `parent` hold as many children as `count`, keeping those that are there: focus stays where it is. */
export function fit<T extends Element>(parent: Element, count: number, make: (i: number) => T): readonly T[] {
  while (parent.childElementCount > count) parent.lastElementChild?.remove()
  while (parent.childElementCount < count) parent.append(make(parent.childElementCount))
  return Array.from(parent.children) as T[]
}
