/* Keys and clocks of the desk and of a call. All of it can be done without: a key presses a button that is there. */
(() => {
  "use strict";
  const dialog = document.getElementById("keys");
  const OFF = "amanat.single-keys";
  const stored = () => { try { return localStorage.getItem(OFF); } catch (_) { return null; } };
  const store = (value) => { try { localStorage.setItem(OFF, value); } catch (_) { /* storage is closed */ } };
  let single = stored() !== "off";

  /* Clocks: what the server counted, and what has passed here since. */
  const began = new WeakMap();
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => document.querySelectorAll("[data-seconds]").forEach((one) => {
    if (!began.has(one)) began.set(one, Date.now() - Number(one.dataset.seconds) * 1000);
    const passed = Math.floor((Date.now() - began.get(one)) / 1000);
    const hours = Math.floor(passed / 3600);
    const clock = one.querySelector("[data-clock]");
    clock.hidden = false;
    clock.textContent = (hours ? hours + ":" : "") + two(Math.floor(passed / 60) % 60) + ":" + two(passed % 60);
  });
  tick();
  setInterval(tick, 1000);

  const hints = () => {
    if (matchMedia("(hover: hover)").matches) document.querySelectorAll("kbd[data-keys]").forEach((one) => { one.hidden = !single; });
  };
  const open = () => { if (!dialog.open) dialog.showModal(); };
  document.querySelectorAll("[data-open-keys]").forEach((button) => button.addEventListener("click", open));
  const choice = dialog.querySelector("[data-single-keys]");
  choice.checked = single;
  choice.addEventListener("change", () => {
    single = choice.checked;
    store(single ? "on" : "off");
    hints();
  });
  document.addEventListener("htmx:afterSwap", () => { tick(); hints(); });

  /* Advice that somebody is reading out stays as it is while the form beside it changes, and open when a card is marked. */
  const open_cards = () => [...document.querySelectorAll(".advice-card[open]")].map((one) => one.dataset.card);
  let reading = [];
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("[data-follows]") && open_cards().length) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", () => { reading = open_cards(); });
  document.addEventListener("htmx:afterSettle", () => document.querySelectorAll(".advice-card").forEach((one) => {
    if (reading.includes(one.dataset.card)) one.open = true;
  }));
  hints();

  /* Fields that a key goes to, and the priority that it chooses. */
  const focus = (id) => {
    const field = document.getElementById(id);
    if (field) field.focus();
    return Boolean(field);
  };
  const choose = (priority) => {
    const radio = document.querySelector(`input[name=priority][value=P${priority}]`);
    if (!radio) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    radio.focus();
    return true;
  };
  const press = (letter) => {
    const button = document.querySelector(`[data-key="${letter}"]`);
    if (button) button.matches("select") ? button.focus() : button.click();
    return Boolean(button);
  };
  const act = (letter) => {
    if (/^[1-4]$/.test(letter)) return choose(letter);
    if (letter === "K" && document.querySelector(".back")) return document.querySelector(".back").click() || true;
    return press(letter) || (letter === "M" && focus("id_summary")) || (letter === "F" && (focus("id_number") || focus("find-number")));
  };
  const writes = (one) => one.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])") || one.isContentEditable;

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.repeat || dialog.open) return;
    const inField = writes(event.target);
    if (event.key === "Escape" && inField) { event.target.blur(); return; }
    if (event.key === "?" && !inField) { event.preventDefault(); open(); return; }
    if (event.shiftKey || !(event.altKey || (single && !inField))) return;
    /* By its place: with a Cyrillic layout the letter would be another one. */
    const letter = (/^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code) || [])[1];
    if (letter && act(letter)) event.preventDefault();
  });
})();
