/* What a browser can add: leaving quickly, what waits, the idle lock, drafts, one submit at a time. Every task is done without it. */
(() => {
  "use strict";
  const body = document.body;
  const settings = body.dataset;

  /* Kept between tabs: two moments, never content. A browser that keeps nothing still works in this tab. */
  const shared = {
    read: (name) => {
      try { return Number(localStorage.getItem("amanat." + name)) || 0; } catch (_) { return 0; }
    },
    write: (name, moment) => {
      try { localStorage.setItem("amanat." + name, String(moment)); } catch (_) { /* storage is closed */ }
    },
  };

  /* Drafts: saved in place, at the latest two seconds after the last key and every ten while typing. */
  const QUIET = 1500;
  const WHILE_TYPING = 10000;
  const KEPT_ALIVE = 60000; /* bytes that a browser still sends for a page that is being left */
  const address = location.pathname;
  const timeNow = () => { /* by the clock that the page's other times go by */
    const now = new Date();
    try {
      return now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: settings.zone || undefined });
    } catch (_) { return now.toTimeString().slice(0, 5); } /* a browser that does not know the zone */
  };
  const drafts = [];
  let discarded = false; /* what was discarded must not come back while the page is on its way out */
  const draftOf = (form) => {
    const state = form.querySelector("[data-draft-state]");
    let timer = 0;
    let firstUnsaved = 0;
    let sending = Promise.resolve(true); /* whether the last one that was sent arrived */
    const fields = () => {
      const content = new URLSearchParams();
      new FormData(form).forEach((value, name) => {
        if (typeof value === "string" && name !== "csrfmiddlewaretoken") content.append(name, value);
      });
      return content.toString();
    };
    const say = (text) => { if (state) state.textContent = text; };
    const save = () => {
      clearTimeout(timer);
      if (!firstUnsaved || discarded) return sending;
      firstUnsaved = 0;
      const token = form.querySelector("[name=csrfmiddlewaretoken]");
      const draft = new FormData();
      draft.append("page", address);
      draft.append("body", fields());
      sending = fetch(settings.draftUrl, {
        method: "POST",
        keepalive: draft.get("body").length < KEPT_ALIVE,
        headers: { "X-CSRFToken": token ? token.value : "" },
        body: draft,
      }).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        say(form.dataset.draftSaved + " " + timeNow());
        return true;
      }).catch(() => {
        say(form.dataset.draftFailed);
        wait(WHILE_TYPING);
        return false;
      });
      return sending;
    };
    const wait = (quiet) => {
      const now = Date.now();
      if (!firstUnsaved) firstUnsaved = now;
      clearTimeout(timer);
      timer = setTimeout(save, Math.max(0, Math.min(quiet, firstUnsaved + WHILE_TYPING - now)));
    };
    form.addEventListener("input", () => wait(QUIET));
    form.addEventListener("submit", () => { clearTimeout(timer); firstUnsaved = 0; sending = Promise.resolve(true); });
    addEventListener("online", save);
    drafts.push(save);
  };
  if (settings.draftUrl) document.querySelectorAll("form[data-draft]").forEach(draftOf);
  document.querySelectorAll("form[data-discard]").forEach((form) => {
    form.addEventListener("submit", () => { discarded = true; });
  });
  const saveDrafts = () => Promise.all(drafts.map((save) => save()));
  addEventListener("pagehide", saveDrafts);

  /* Leave quickly: the page is emptied at once, with or without a network, and its history entry replaced. Then, unseen,
     what was typed is saved, the session locked, and a page about nothing fetched. */
  const leaveLink = document.querySelector("[data-leave]");
  const nothing = () => { /* no network: the empty page stays, and locks when its time is over */ };
  const leave = () => {
    const neutral = leaveLink.href;
    const saved = saveDrafts();
    document.title = "\u00a0";
    body.replaceChildren();
    history.replaceState(null, "", neutral);
    saved
      .then(() => settings.lockedUrl && fetch(settings.lockedUrl))
      .then(() => fetch(neutral))
      .then((answer) => { if (answer.ok) location.replace(neutral); })
      .catch(nothing);
  };
  const leaveEverywhere = () => {
    shared.write("left", Date.now());
    leave();
  };
  if (leaveLink) {
    leaveLink.addEventListener("click", (event) => {
      event.preventDefault();
      leaveEverywhere();
    });
    let presses = [];
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Shift") { presses = []; return; }
      if (event.repeat) return;
      presses = presses.filter((moment) => event.timeStamp - moment < 1500).concat(event.timeStamp);
      if (presses.length === 3) leaveEverywhere();
    });
    addEventListener("storage", (event) => { if (event.key === "amanat.left") leave(); });
  }

  /* A session that ended (signed out, locked, taken over by somebody else on this browser) leaves nothing on any screen: the
     tabs tell each other, and a tab that can be seen asks. What was typed is saved if it still can be. */
  const over = document.getElementById("over");
  let ended = false;
  const isShown = () => over && over.isConnected; /* not ended, and not left quickly */
  const end = (isWorkspace) => {
    if (ended || !isShown()) return;
    ended = true;
    hangUp();
    saveDrafts();
    document.title = "Amanat";
    body.replaceChildren(over.content.cloneNode(true));
    body.querySelectorAll("[data-ended]").forEach((one) => (one.hidden = (one.dataset.ended === "workspace") !== !!isWorkspace));
    body.querySelectorAll("a").forEach((link) => (link.href = location.pathname + location.search));
    document.documentElement.hidden = false;
  };
  document.querySelectorAll("form[data-ends-session]").forEach((form) => {
    form.addEventListener("submit", () => shared.write("ended", Date.now()));
  });

  /* What waits for this worker, a call or an alert: said above the page, in its title and by a sound, until it is answered. */
  const SOUND_AGAIN = 4000;
  const HUSHED = 60000;
  const waits = document.getElementById("waiting");
  const isThere = () => waits && waits.isConnected;
  const title = document.title;
  const part = (name) => waits.querySelector("[data-" + name + "]");
  let waiting = "";
  let audio = null;
  const sound = () => {
    const Sound = window.AudioContext || window.webkitAudioContext;
    const now = Date.now();
    const heard = waiting.split(",").filter((kind) => kind && now - shared.read("hushed." + kind) >= HUSHED);
    if (!heard.length || !isThere() || !Sound) return;
    audio = audio || new Sound();
    part("muted").hidden = audio.state === "running";
    if (audio.state !== "running" || now - shared.read("sounded") < SOUND_AGAIN - 500) return; /* or another tab just did */
    shared.write("sounded", now);
    [0, 0.3].forEach((after) => {
      const from = audio.currentTime + after;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = 740;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.3, from + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.25);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.25);
    });
  };
  const said = ({ kind, sentence, at }) => {
    const one = document.createElement(at ? "a" : "strong");
    one.textContent = sentence;
    one.dataset.kind = kind;
    if (at) { one.href = at; one.className = "button"; }
    return one;
  };
  const makeRoom = () => { if (isThere()) document.documentElement.style.setProperty("--waiting", (waiting ? waits.offsetHeight : 0) + "px"); };
  const tell = (found) => {
    const kinds = found.map(({ kind }) => kind);
    if (!isThere() || kinds.join() === waiting) return;
    waiting = kinds.join();
    waits.classList.toggle("on", !!waiting);
    part("told").replaceChildren(...found.map(said));
    part("hush").hidden = !waiting;
    part("muted").hidden = true;
    document.title = (waiting ? "(!) " : "") + title;
    makeRoom();
    sound();
  };

  /* One question for both. It is asked when the live stream says *look*, when a page is looked at again, and every ten seconds while
     it can be seen; every minute where the stream is open, and where only the sound can reach who works elsewhere. A region `data-look-refresh hx-get=… hx-trigger="look"` is fetched anew then; one with `beat` instead of `look` not for each look. */
  const ASK_EVERY = 10000;
  const LISTEN_AGAIN = 60000;
  const isLockedBy = (answer) => answer.status === 503 && answer.headers.has("Retry-After"); /* as a locked workspace says it */
  const ask = (headers) => fetch(waits.dataset.url, { cache: "no-store", headers })
    .then((answer) => {
      if (answer.status === 200) return answer.json();
      if (answer.status === 401 || isLockedBy(answer)) return { whose: null, waiting: [], locked: answer.status === 503 };
      throw new Error(String(answer.status)); /* a fault, ours or a proxy's, is no end: what is being typed stays */
    })
    .then((told) => {
      if (over && told.whose !== settings.whose) end(told.locked);
      else tell(told.waiting);
    })
    .catch(nothing);
  const stillOpen = () => ask({ "Device-Clock": String(Date.now()) });
  let missed = false;
  const fetchAnew = (kind) => document.querySelectorAll("[data-" + kind + "-refresh]").forEach((region) => {
    if (!region.classList.contains("htmx-request")) region.dispatchEvent(new Event(kind));
    else if (kind === "look") missed = true; /* htmx forgets what waits for a region that is replaced */
  });
  const look = () => {
    fetchAnew("look");
    return ask({});
  };
  let stream = null;
  let isOpen = false;
  let asking = false;
  let beats = 0;
  const askAgain = () => {
    beats += 1;
    if (asking || !isThere() || (isOpen && document.hidden) || ((isOpen || document.hidden) && beats % 6)) return;
    asking = true;
    fetchAnew("beat");
    look().then(() => { asking = false; });
  };
  const hangUp = () => {
    if (stream) stream.close();
    stream = null;
    isOpen = false;
  };
  const listen = () => {
    if (stream || !isThere() || !waits.dataset.live || !window.EventSource) return;
    stream = new EventSource(waits.dataset.live, { withCredentials: true });
    stream.onopen = () => { isOpen = true; look(); };
    stream.addEventListener("look", look);
    stream.onerror = () => {
      isOpen = false;
      if (stream.readyState === EventSource.CLOSED) { hangUp(); setTimeout(listen, LISTEN_AGAIN); }
      askAgain();
    };
  };
  if (waits && waits.dataset.url) {
    if (window.ResizeObserver) new ResizeObserver(makeRoom).observe(waits);
    addEventListener("storage", (event) => { if (event.key === "amanat.ended") end(); });
    setInterval(askAgain, ASK_EVERY);
    setInterval(sound, SOUND_AGAIN);
    part("hush").addEventListener("click", () => waiting.split(",").forEach((kind) => shared.write("hushed." + kind, Date.now())));
    ["keydown", "pointerdown"].forEach((kind) => addEventListener(kind, () => {
      if (audio && audio.state !== "running") audio.resume().then(sound);
    }));
    document.addEventListener("htmx:configRequest", ({ detail }) => {
      if (detail.triggeringEvent && ["look", "beat"].includes(detail.triggeringEvent.type)) detail.headers.Unattended = "yes"; /* nobody is there for it */
    });
    ["htmx:afterRequest", "htmx:afterSettle"].forEach((kind) => document.addEventListener(kind, () => {
      if (missed) setTimeout(fetchAnew, 0, "look");
      missed = false;
    }));
    addEventListener("focus", stillOpen);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) stillOpen(); });
    addEventListener("pagehide", hangUp);
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      listen();
      document.documentElement.hidden = true; /* until we know: the browser kept this page, the server did not show it */
      stillOpen().then(() => { document.documentElement.hidden = false; });
    });
    waits.dataset.live ? listen() : ask({});
  }

  /* Idle lock: one clock for all tabs; a laptop that slept is locked when it wakes. */
  const idle = Number(settings.idleSeconds) * 1000;
  if (idle) {
    const warning = Number(settings.idleWarningSeconds) * 1000;
    const dialog = document.getElementById("idle");
    const open = () => { if (dialog && dialog.isConnected && !dialog.open) dialog.showModal ? dialog.showModal() : dialog.setAttribute("open", ""); };
    const close = () => { if (dialog && dialog.open) dialog.close ? dialog.close() : dialog.removeAttribute("open"); };
    let written = 0;
    const lastActive = () => Math.max(written, shared.read("active"));
    const active = () => {
      const now = Date.now();
      if (now - written < 1000) return;
      /* The first touch after a long sleep comes before the clock's next look, and must not open what is to be locked. */
      if (written && now - lastActive() >= idle) { look(); return; }
      written = now;
      shared.write("active", now);
    };
    /* Without a network a draft may still be unsaved: then nothing is shown, and we lock once it is saved. */
    const lock = () => {
      document.documentElement.hidden = true;
      saveDrafts().then((saved) => { if (saved.every(Boolean)) location.replace(settings.lockedUrl + "?next=" + encodeURIComponent(location.pathname + location.search)); });
    };
    const look = () => {
      if (ended) return;
      const left = lastActive() + idle - Date.now();
      if (left <= 0) {
        lock();
      } else if (left <= warning) open();
      else close();
    };
    active();
    /* While the warning is shown, only an answer counts: a bag on the keyboard is nobody. */
    ["keydown", "pointerdown", "wheel", "touchstart"].forEach((kind) => {
      addEventListener(kind, () => { if (!dialog || !dialog.open) active(); }, { passive: true });
    });
    if (dialog) {
      dialog.addEventListener("close", active);
      dialog.querySelector("[data-stay]").addEventListener("click", () => { active(); close(); });
    }
    setInterval(look, Math.min(1000, idle / 10));
    document.addEventListener("visibilitychange", look);
  }

  /* One submit at a time; a page that comes back from the browser's memory may submit again. */
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
    if (form.dataset.fileMade) tellWhenMade(form);
  });
  const usableAgain = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(usableAgain));

  /* An answer that is a file leaves the page standing, and no event tells that it came: the server takes this cookie away with it. */
  const AWAITED = "awaited=file";
  const tellWhenMade = (form) => {
    const state = form.querySelector("[data-file-state]");
    state.textContent = "";
    document.cookie = AWAITED + "; path=/; max-age=600; samesite=strict";
    const look = setInterval(() => {
      if (document.cookie.includes(AWAITED)) return;
      clearInterval(look);
      usableAgain(form);
      state.textContent = form.dataset.fileMade;
    }, 250);
  };

  /* A piece of the page that did not come: said where its result would be. */
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((kind) => {
    document.addEventListener(kind, (event) => {
      const said = document.getElementById("found-count");
      const form = event.target.closest("[data-failed]");
      if (said && form) said.textContent = form.dataset.failed;
    });
  });

  /* Whoever ticks a row means the rows that are ticked. */
  document.addEventListener("change", ({ target }) => {
    const choice = target.checked && target.dataset.chooses && document.querySelector(target.dataset.chooses);
    if (choice) choice.checked = true;
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  /* What only works by a script and with a keyboard is said only there. */
  if (matchMedia("(hover: hover)").matches) document.querySelectorAll("[data-keys]").forEach((one) => (one.hidden = false));

  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
