// Creating and using a passkey needs JavaScript. Show the passkey controls if the browser supports passkeys.
document.addEventListener('DOMContentLoaded', () => {
  if (!window.PublicKeyCredential) return
  for (const element of document.querySelectorAll('[data-passkey]')) element.hidden = false
})

// Show the error message when allauth reports that a passkey did not work.
document.addEventListener('allauth.error', event => {
  event.preventDefault()
  const message = document.getElementById('passkey-error')
  message.hidden = false
  message.scrollIntoView({ block: 'nearest' })
})
