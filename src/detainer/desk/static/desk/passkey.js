// Says in the page's own words that a passkey was not read; the reason the browser gives is for nobody at a desk.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.getElementById("passkey_wrong");
  if (place) place.textContent = place.dataset.says;
});
