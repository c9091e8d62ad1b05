// What the panel does beyond plain forms; every page works without it.
"use strict";

// A password can be looked at while it is typed.
for (const input of document.querySelectorAll("input[type=password]")) {
  const words = document.body.dataset;
  if (!words.show) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain small show";
  button.textContent = words.show;
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? words.hide : words.show;
  });
  input.after(button);
}

// Text to paste elsewhere can be copied by one touch.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.textContent = button.dataset.copied;
  });
}
