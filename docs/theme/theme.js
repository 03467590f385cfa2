/** The theme: as the system, light or dark. Loaded before anything is painted, so that no page flashes. */
const names = ['system', 'light', 'dark']
const stored = () => {
  try {
    return localStorage.getItem('theme') ?? 'system'
  } catch {
    return 'system'
  }
}

let theme = names.includes(stored()) ? stored() : 'system'

const apply = () => {
  document.documentElement.dataset.theme = theme
  const button = document.getElementById('theme')
  if (button === null) return
  button.setAttribute('aria-label', `Theme: ${theme === 'system' ? 'as the system' : theme}`)
}

apply()
document.addEventListener('DOMContentLoaded', () => {
  apply()
  document.getElementById('theme')?.addEventListener('click', () => {
    theme = names[(names.indexOf(theme) + 1) % names.length] ?? 'system'
    try {
      localStorage.setItem('theme', theme)
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    apply()
  })
})
