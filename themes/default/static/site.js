// What pages gain where there is JavaScript; all of them work without it.

/** Put a button beside each text that is there to be copied: `.copy` holds one `code`, and says what it is. */
function offerCopies() {
  const words = document.querySelector("[data-copy]")?.dataset;
  if (!words || !navigator.clipboard) return;
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  document.querySelector("main").append(told);
  for (const place of document.querySelectorAll(".copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.copy;
    button.setAttribute("aria-label", `${words.copy}: ${place.dataset.what}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.querySelector("code").textContent);
      button.textContent = words.copied;
      told.textContent = `${words.copied}: ${place.dataset.what}`;
      setTimeout(() => {
        button.textContent = words.copy;
        told.textContent = "";
      }, 3000);
    });
    place.append(button);
  }
}

offerCopies();
