// ODK's own engine of forms, filled with answers drawn by chance. What it holds is compared with ours in test_another_client.py.
import { loadForm } from "@getodk/xforms-engine";

const TEXTS = ["", "Aýlar", "дом 5", "07", "-3.5", " two  words ", "yes no", "a@b.example", "O'Neil & \"co\" <1>"];
const NUMBERS = [0, 1, 2, 3, 5, 8, 9, 12, 14, 16, 17, 18, 20, 31, 64, -1, 120];
const DAYS = ["2026-11-27", "2026-11-28", "2026-11-26", "2024-02-29", "2012-06-30", "2009-01-01", "2027-01-15", "1999-12-31"];
const TIMES = ["00:00:00.000+05:00", "09:30:00.000+05:00", "23:59:00.000+05:00"];
const PLACES = ["37.95 58.38 0 0", "-12.5 170.25 3 5", "0 0 0 0"];
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let form, root, draw, filters;

/** All forms of a server, with the files beside them, fetched as a phone does. */
export async function fetched(address, authorization) {
  const get = async (url) => (await fetch(url, { headers: { authorization, "X-OpenRosa-Version": "1.0" } })).text();
  const rows = async (url, name) => [...new DOMParser().parseFromString(await get(url), "text/xml").getElementsByTagName(name)];
  const told = (row, name) => row.getElementsByTagName(name)[0].textContent;
  const forms = {};
  for (const row of await rows(`${address}/formList`, "xform")) {
    const files = {};
    for (const file of await rows(told(row, "manifestUrl"), "mediaFile")) files[told(file, "filename")] = await get(told(file, "downloadUrl"));
    forms[told(row, "formID")] = { xform: await get(told(row, "downloadUrl")), files };
  }
  return forms;
}

/** Loads a form; `files` by name, as its manifest lists them. */
export async function load(xform, files) {
  const fetchFormAttachment = async (url) => new Response(files[String(url).split("/").pop()], { headers: { "content-type": "text/csv" } });
  form = await loadForm(xform, { fetchFormAttachment });
  if (form.status === "failure") throw form.error;
  filters = /<itemset[^>]*\[/.test(xform);
}

/** One filling by chance; all that is drawn follows from the seed. What was done in each step, and what was asked and held after it. */
export function course(seed, language, rounds, chosen) {
  draw = chances(seed);
  root = form.createInstance({ instanceAttachments: { fileNameFactory: (file) => file.fileName } }).root;
  const spoken = language && root.languages.find((one) => one.language === language);
  if (spoken) root.setLanguage(spoken);
  const steps = [[[], shown()]];
  for (let round = 0; round < rounds; round++) steps.push([fill(), shown()]);
  // Every second filling is left as it is, though it may not hold.
  steps.push([[...(seed % 2 ? [] : mend()), ...choose(chosen)], shown()]);
  return JSON.stringify(steps);
}

/** The XForm instance. */
export async function instance() {
  return (await payload()).files.get("xml_submission_file").text();
}

/** Sends it as a phone does, with its files: the answer's status, whether all holds, and the instance. */
export async function send(address, authorization) {
  const { files, holds } = await payload();
  const answer = await fetch(`${address}/submission`, { method: "POST", body: files, headers: { authorization, "X-OpenRosa-Version": "1.0" } });
  return [answer.status, holds, await instance()];
}

async function payload() {
  const made = await root.prepareInstancePayload();
  return { holds: made.status === "ready", files: made.data[0] };
}

/** Goes through the form once and answers, changes and takes back by chance; what was done. */
function fill() {
  const done = [];
  for (const range of [...below(root, isRange)]) repeat(range, done);
  for (const node of [...below(root, isLeaf)]) if (draw() > 0.15) put(node, done);
  return done;
}

/** Answers anew what does not hold, so that many fillings hold in the end. */
function mend() {
  const done = [];
  for (let round = 0; round < 40; round++) {
    const broken = [...below(root, isLeaf)].filter((node) => node.validationState.violation);
    if (!broken.length) break;
    for (const node of broken) put(node, done);
  }
  return done;
}

function choose(chosen) {
  return Object.entries(chosen).map(([path, value]) => {
    [...below(root, isLeaf)].find((node) => node.currentState.reference === path).selectValues([value]);
    return ["put", path, value];
  });
}

/** Each question that is asked now: what it says, holds and offers, and whether that holds. */
function shown() {
  return [...below(root, isLeaf)].map((node) => {
    const { currentState: now, validationState: held } = node;
    return {
      path: now.reference, kind: node.nodeType, type: node.valueType, value: now.instanceValue, read_only: now.readonly,
      required: now.required, label: said(now.label), hint: said(now.hint), broken: Boolean(held.violation),
      message: said(held.violation?.message), choices: now.valueOptions?.map((one) => [one.value, said(one.label)]) ?? [],
    };
  });
}

const isLeaf = (node) => !node.currentState.children;
const isRange = (node) => node.nodeType === "repeat-range:uncontrolled";
const said = (range) => range?.asString ?? "";

function* below(node, wanted) {
  if (!node.currentState.relevant) return;
  if (wanted(node)) yield node;
  for (const kid of node.currentState.children ?? []) yield* below(kid, wanted);
}

function put(node, done) {
  const set = answer(node);
  // An answer before may have taken it away.
  if (!set || node.currentState.readonly || ![...below(root, isLeaf)].includes(node)) return;
  const chosen = filters ? selects().map((select) => [select, select.currentState.instanceValue]) : [];
  set();
  done.push(["put", node.currentState.reference, node.currentState.instanceValue]);
  // A choice that is offered no longer goes here by itself. Ours keeps it and says so, until a person takes it back.
  for (const [select, before] of chosen) {
    const now = select.currentState.instanceValue;
    if (select !== node && now !== before) done.push(["put", select.currentState.reference, now]);
  }
}

const selects = () => [...below(root, (node) => node.nodeType === "select")];

function repeat(range, done) {
  if (!range.currentState.relevant) return;
  const count = range.currentState.children.length;
  if (count < 3 && draw() < 0.6) {
    range.addInstances();
    done.push(["add", range.currentState.reference]);
  } else if (count && draw() < 0.3) {
    const number = Math.floor(draw() * count);
    range.removeInstances(number);
    done.push(["remove", range.currentState.reference, number + 1]);
  }
}

/** How to answer a question by chance; nothing for what is only shown or computed. */
function answer(node) {
  const options = node.currentState.valueOptions?.map((one) => one.value) ?? [];
  switch (node.nodeType) {
    case "select": {
      const some = node.selectType === "select" ? options.filter(() => draw() < 0.4) : options.length ? [pick(options)] : [];
      return () => node.selectValues(some);
    }
    case "rank": {
      const order = options.map((value) => [draw(), value]).sort(([one], [other]) => one - other).map(([, value]) => value);
      return () => node.setValues(order);
    }
    case "trigger": {
      const on = draw() < 0.7;
      return () => node.setValue(on);
    }
    case "upload": {
      const bytes = Uint8Array.from(atob(PIXEL), (letter) => letter.charCodeAt(0));
      return () => node.setValue(new File([bytes], "picture.png", { type: "image/png" }));
    }
    case "range":
    case "input": {
      const text = typed(node);
      return () => node.setValue(text);
    }
  }
}

function typed(node) {
  if (draw() < 0.12) return "";
  switch (node.valueType) {
    case "int": return String(pick(NUMBERS));
    case "decimal": return String(pick(NUMBERS) / 4);
    case "date": return pick(DAYS);
    case "time": return pick(TIMES);
    case "dateTime": return `${pick(DAYS)}T${pick(TIMES)}`;
    case "geopoint": return pick(PLACES);
    case "geotrace": return `${PLACES[0]};${PLACES[1]}`;
    case "geoshape": return [0, 1, 2, 0].map((place) => PLACES[place]).join(";");
    default: return pick(TEXTS);
  }
}

const pick = (some) => some[Math.floor(draw() * some.length)];

/** A generator of chances from a seed (mulberry32). */
function chances(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
