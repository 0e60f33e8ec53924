/* Pages for everybody: leaving quickly, and the number that a form asks a browser to find. Keeps nothing on the device. */
(() => {
  "use strict";

  /* Leave quickly: the page is emptied at once, with or without a network, and its history entry replaced. */
  const way = document.querySelector("[data-leave]");
  const leave = () => {
    document.title = "\u00a0";
    document.body.replaceChildren();
    history.replaceState(null, "", way.href);
    location.replace(way.href);
  };
  way.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    if (event.repeat) return;
    presses = presses.filter((moment) => event.timeStamp - moment < 1500).concat(event.timeStamp);
    if (presses.length === 3) leave();
  });
  document.querySelectorAll("[data-keys]").forEach((line) => { line.hidden = !matchMedia("(any-hover: hover)").matches; });
  const wrong = document.querySelector("[data-focus]");
  if (wrong) wrong.focus();

  /* SHA-256 of paper and number begins with so many zeros. Begun when the page is there, in small pieces, so that nobody has to wait. */
  const form = document.querySelector("form[data-puzzle-bits]");
  if (!form) return;
  const bits = Number(form.dataset.puzzleBits);
  const answer = form.elements.namedItem("answer");
  const state = form.querySelector("[data-puzzle-state]");
  const start = form.elements.namedItem("paper").value + ".";
  const AT_ONCE = 1000;
  let wanted = null; /* who pressed Send before it was found */

  /* SHA-256 (FIPS 180-4), since a page that is not encrypted, as in a demo, has none of the browser's own. */
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  const part = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  const K = primes.map((prime) => part(Math.cbrt(prime)));
  const H = primes.slice(0, 8).map((prime) => part(Math.sqrt(prime)));
  const W = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const block = (hash, bytes, offset) => {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) {
        const j = offset + 4 * i;
        W[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
      } else {
        const a = W[i - 15];
        const b = W[i - 2];
        W[i] = (W[i - 16] + W[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
      }
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return [a, b, c, d, e, f, g, h].map((x, i) => (x + hash[i]) | 0);
  };
  const first = (text) => {
    const length = text.length;
    const bytes = new Uint8Array(((length + 8 >> 6) + 1) * 64);
    for (let i = 0; i < length; i += 1) bytes[i] = text.charCodeAt(i);
    bytes[length] = 128;
    new DataView(bytes.buffer).setUint32(bytes.length - 4, length * 8);
    let hash = H;
    for (let offset = 0; offset < bytes.length; offset += 64) hash = block(hash, bytes, offset);
    return hash[0];
  };

  let number = 0;
  const look = () => {
    for (let n = 0; n < AT_ONCE; n += 1, number += 1) {
      if (first(start + number) >>> (32 - bits) === 0) {
        answer.value = String(number);
        if (wanted) form.submit();
        return;
      }
    }
    setTimeout(look, 0);
  };
  form.addEventListener("submit", (event) => {
    if (answer.value) return;
    event.preventDefault();
    wanted = true;
    state.textContent = form.dataset.puzzleBusy;
  });
  setTimeout(look, 0);
})();
