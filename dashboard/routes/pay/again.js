// Looks whether something has come of an order, and draws the page anew only then: nothing moves under whoever reads.
const title = document.querySelector("h1").textContent;

function later(seconds) {
  setTimeout(look, 1000 * seconds);
}

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (found.querySelector("h1").textContent !== title) location.reload();
    else later(found.querySelector("main").dataset.again);
  } catch {
    later(30);
  }
}

later(document.querySelector("main").dataset.again);
