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

// The browser's own clock and time zone: for a page that asks, and for a form at the moment it is sent.
const tellTime = (within) => {
  for (const input of within.querySelectorAll("[data-now]")) input.value = String(Math.round(Date.now() / 1000));
};
tellTime(document);
for (const input of document.querySelectorAll("[data-zone]")) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.addEventListener("submit", (event) => tellTime(event.target));

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

// A form that waits for a modem or a server says so, counts the seconds, and goes out once.
for (const form of document.querySelectorAll("form[data-busy]")) {
  let ticking = 0;
  const rest = () => {
    clearInterval(ticking);
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
    form.querySelector(".waiting").textContent = "";
  };
  form.addEventListener("submit", (event) => {
    if (form.classList.contains("busy")) event.preventDefault();
    if (event.defaultPrevented || event.submitter?.hasAttribute("formaction")) return;
    form.classList.add("busy");
    form.setAttribute("aria-busy", "true");
    const line = form.querySelector(".waiting");
    const seconds = document.createElement("span");
    seconds.setAttribute("aria-hidden", "true");
    line.replaceChildren(form.dataset.busy, " ", seconds);
    const began = Date.now();
    ticking = setInterval(() => { seconds.textContent = `${Math.round((Date.now() - began) / 1000)} s`; }, 1000);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) rest(); });
}

// Buttons that only matter without scripts.
if (window.htmx) for (const button of document.querySelectorAll("[data-plain]")) button.hidden = true;

// After a restart the panel is another process: the page goes on as soon as that one answers.
for (const page of document.querySelectorAll("[data-life]")) {
  const look = async () => {
    try {
      const answer = await fetch(page.dataset.lifeAt, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (answer.ok && (await answer.text()) !== page.dataset.life) return location.assign("/");
    } catch { /* nobody is there yet */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
