// A passkey is made and used by script alone: what needs it is hidden until there is one, and says when it fails.
document.addEventListener('DOMContentLoaded', () => {
  if (!window.PublicKeyCredential) return
  for (const part of document.querySelectorAll('[data-passkey]')) part.hidden = false
})

document.addEventListener('allauth.error', event => {
  event.preventDefault()
  const trouble = document.getElementById('passkey-trouble')
  trouble.hidden = false
  trouble.scrollIntoView({ block: 'nearest' })
})
