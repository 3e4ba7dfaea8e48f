// The page: sliders, the question they ask, the answers as they become sharper, what is kept, the link.
"use strict";

const PAUSE_MS = 60, SETTLED_MS = 600, REST_MS = 2000, LONG_MS = 4000, MOST_KEPT = 4, HEADLINES = 4;
const COMPILING = "Simulating … Once on a machine the engine is compiled first: half a minute or so.";
const PAGE = Math.random().toString(36).slice(2);
const ORDER = ["now", "file", "before", "kept"];
const byId = (id) => document.getElementById(id);
const state = { setup: null, moved: {}, kept: [], answer: null, asked: null, timer: 0, saying: 0, last: 0 };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Sliders ------------------------------------------------------------------------

function shown(slider, value) {
  if (slider.kind === "share") return `${Number((value * 100).toFixed(2))}\u00a0%`;
  if (slider.kind === "s") return `${Math.floor(value / 60)}:${String(Number((value % 60).toFixed(1))).padStart(2, "0")} min`;
  return String(Number(value.toFixed(6)));
}

function control(slider, number) {
  const id = `slider-${number}`, told = `${id}-note`;
  const ofFile = slider.kind === "share" && slider.note.startsWith("of ");
  const file = ofFile ? "" : slider.start === null ? (slider.note ? "" : "as in the file") : `file: ${shown(slider, slider.start)}`;
  const input = element("input", { type: "range", id, name: slider.name, min: slider.low, max: slider.high, step: slider.step, "aria-describedby": told });
  const back = element("button", { type: "button", "aria-label": `${slider.label}: as in the file` }, "as in file");
  const box = element("div", { class: "slider" },
    element("div", { class: "top" }, element("label", { for: id }, slider.label), element("output", { for: id, "aria-live": "off" }), back),
    input, element("p", { class: "note", id: told }));
  slider.tell = (heads) => {
    const now = heads === undefined ? "" : `now ${heads}`;
    box.querySelector("p").textContent = [slider.note, file, now].filter(Boolean).join("; ");
  };
  slider.tell();
  slider.show = () => {
    const moved = slider.name in state.moved, value = moved ? state.moved[slider.name] : slider.start;
    input.value = value === null ? (slider.low + slider.high) / 2 : value;
    const text = value === null ? (slider.note ? "none" : "file's own") : shown(slider, value);
    box.querySelector("output").textContent = text;
    input.setAttribute("aria-valuetext", moved ? text : `${text}, as in the file`);
    box.classList.toggle("moved", moved);
    back.disabled = !moved;
  };
  input.addEventListener("input", () => { state.moved[slider.name] = Number(input.value); slider.show(); slider.tell(); soon(); });
  back.addEventListener("click", () => { delete state.moved[slider.name]; slider.show(); input.focus(); soon(); });
  return box;
}

function showSliders() {
  const sections = new Map();
  state.setup.sliders.forEach((slider, number) => {
    if (!sections.has(slider.section)) sections.set(slider.section, element("fieldset", {}, element("legend", {}, slider.section)));
    sections.get(slider.section).append(control(slider, number));
  });
  byId("sliders").replaceChildren(...sections.values());
}

const showAll = () => state.setup.sliders.forEach((slider) => slider.show());

// The link: what is set, then what is kept, each as name=value&name=value ---------

const written = (settings) => new URLSearchParams(settings).toString();

function writeLink() {
  const hash = [state.moved, ...state.kept].map(written).join(";");
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
  byId("link").value = location.href;
}

function readLink() {
  const known = new Map(state.setup.sliders.map((slider) => [slider.name, slider])), amiss = new Set();
  const parts = location.hash.slice(1).split(";").map((part) => {
    const found = {};
    for (const [name, text] of new URLSearchParams(part)) {
      const slider = known.get(name), value = Number(text);
      if (!slider) amiss.add(`${name}, which this page has no slider for`);
      else if (!Number.isFinite(value)) amiss.add(`${slider.label} to what is no number`);
      else found[name] = Math.min(Math.max(value, slider.low), slider.high);
      if (slider && found[name] !== undefined && found[name] !== value) amiss.add(`${slider.label} to ${shown(slider, value)}, beyond what it can be here`);
    }
    return found;
  });
  state.moved = parts[0];
  state.kept = parts.slice(1, 1 + MOST_KEPT);
  byId("amiss").textContent = amiss.size ? `The link also sets ${[...amiss].join("; ")}.` : "";
}

// Asking -------------------------------------------------------------------------

function soon() {
  clearTimeout(state.timer);
  state.timer = setTimeout(ask, Math.max(0, state.last + PAUSE_MS - performance.now()));
}

async function ask() {
  state.last = performance.now();
  clearTimeout(state.saying);
  if (state.asked) state.asked.abort();
  const asked = state.asked = new AbortController();
  writeLink();
  showKept();
  document.body.classList.add("waiting");
  document.documentElement.dataset.replications = 0;
  try {
    const body = JSON.stringify({ settings: state.moved, kept: state.kept, page: PAGE });
    const response = await fetch("answer", { method: "POST", body, signal: asked.signal });
    const reader = response.body.getReader(), decoder = new TextDecoder();
    for (let text = "";;) {
      const { done, value } = await reader.read();
      text += done ? "" : decoder.decode(value, { stream: true });
      const lines = text.split("\n");
      text = done ? "" : lines.pop();
      for (const line of lines) if (line) take(response.status === 403 ? { problem: line } : JSON.parse(line));
      if (done) break;
    }
    state.asked = null;
    finish();
  } catch (error) {
    if (error.name !== "AbortError") take({ problem: "ccsim does not answer any more: start ccsim live again." });
  }
}

function take(answer) {
  byId("problem").textContent = answer.problem || "";
  document.body.classList.remove("waiting");
  if (answer.problem) { byId("status").textContent = state.answer ? "What is shown is as it was before." : ""; return; }
  const place = answer.columns.map((column, k) => k).sort((a, b) => ORDER.indexOf(answer.columns[a].role) - ORDER.indexOf(answer.columns[b].role));
  const sorted = (list) => place.map((k) => list[k]);
  answer.columns = sorted(answer.columns);
  for (const row of answer.rows) row.cells = sorted(row.cells);
  for (const chart of answer.charts) chart.lines = sorted(chart.lines);
  let kept = 0;
  for (const column of answer.columns) column.look = column.role === "kept" ? `c-kept-${kept += 1}` : `c-${column.role}`;
  state.answer = answer;
  show(answer);
  document.documentElement.dataset.replications = answer.replications;
}

function finish() {
  if (!state.answer || byId("problem").textContent) return;
  byId("status").textContent = `${state.answer.replications} replications, seed ${state.setup.seed}.`;
  sayIn(SETTLED_MS, state.answer);
}

// Showing ------------------------------------------------------------------------

function show(answer) {
  byId("status").textContent = `${answer.replications} replications, seed ${state.setup.seed}; sharper while nothing is moved …`;
  byId("table").replaceChildren(heading(answer), element("tbody", {}, ...answer.rows.map((row) => tableRow(row, answer.columns))));
  byId("yaml").textContent = answer.yaml;
  for (const slider of state.setup.sliders) slider.tell(answer.heads[slider.name]);
  byId("notes").replaceChildren(...answer.notes.map((note) => element("li", {}, note)));
  drawCharts(byId("charts"), byId("legend"), answer);
  showFigures(byId("figures"), answer);
  const words = { service_level: "service", abandonment_rate: "abandoned", resolution_rate: "resolved", strained_share: "strained" };
  byId("brief").replaceChildren(...headlines(answer).map((row) => element("span", {}, words[row.measure], element("b", {}, row.cells[0].text.split(" ±")[0]))));
  if (answer.replications > 2) sayIn(REST_MS, answer);
}

function headlines(answer) {
  const firsts = ["service_level", "abandonment_rate", "resolution_rate", "strained_share"];
  return answer.rows.filter((row) => firsts.includes(row.measure)).slice(0, HEADLINES);
}

// Who listens is told once what came of it: when all replications are there, or after a while.

function say(text) {
  clearTimeout(state.saying);
  byId("said").textContent = text;
}

function sayIn(pause, answer) {
  clearTimeout(state.saying);
  state.saying = setTimeout(() => say(inShort(answer)), pause);
}

const inShort = (answer) => headlines(answer).map(({ label, cells: [{ text, change, tone }] }) => `${label}: ${text}${change ? `, ${change} against the file${{ good: ", better", bad: ", worse" }[tone] || ""}` : ""}`).join(". ");

const withWord = (change, tone) => `${change}${{ good: " better", bad: " worse" }[tone] || ""}`;

function heading(answer) {
  const cells = answer.columns.map((column) => element("th", { scope: "col" }, column.title, element("small", {}, column.name || changes(column.settings))));
  return element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Measure"), ...cells));
}

function changes(settings) {
  const known = state.setup.sliders.filter((slider) => slider.name in settings);
  return known.map((slider) => `${slider.label} ${shown(slider, settings[slider.name])}`).join(", ") || "as in the file";
}

function tableRow(row, columns) {
  const cells = row.cells.map((cell, k) => {
    const made = element("td", { class: columns[k].role }, cell.text);
    if (cell.change) made.append(element("small", { class: cell.tone }, withWord(cell.change, cell.tone)));
    if (cell.target) made.append(element("small", { class: cell.target.startsWith("too") ? "close" : cell.target }, cell.target));
    return made;
  });
  return element("tr", { "data-measure": row.measure }, element("th", { scope: "row" }, row.label), ...cells);
}

function keep() {
  if (state.kept.length >= MOST_KEPT) return;
  if (state.kept.some((settings) => changes(settings) === changes(state.moved))) {
    byId("full").textContent = "This one is kept already.";
    return;
  }
  state.kept.push({ ...state.moved });
  ask();
}

function showKept() {
  const focused = document.activeElement.dataset.kept, full = state.kept.length >= MOST_KEPT;
  byId("keep").setAttribute("aria-disabled", full);
  byId("full").textContent = full ? "Four are kept: drop one to keep another." : "";
  byId("kept").replaceChildren(...state.kept.map((settings, k) => {
    const button = (words, act) => {
      const made = element("button", { type: "button", "data-kept": `${words} ${k}`, "aria-label": `${words} kept ${k + 1}` }, words);
      made.addEventListener("click", act);
      return made;
    };
    const back = button("Go back to", () => { state.moved = { ...settings }; showAll(); ask(); });
    const gone = button("Drop", () => { state.kept.splice(k, 1); byId("keep").focus(); ask(); });
    return element("li", {}, element("span", {}, `Kept ${k + 1}: ${changes(settings)}`), back, gone);
  }));
  if (focused) byId("kept").querySelector(`[data-kept="${focused}"]`)?.focus();
}

async function copy(text, button) {
  const said = button.textContent;
  try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch { button.textContent = "Select it and copy"; }
  say(button.textContent);
  setTimeout(() => { button.textContent = said; }, 1500);
}

// Beginning ------------------------------------------------------------------------

async function begin() {
  state.setup = await (await fetch("setup")).json();
  const { name, before, days } = state.setup;
  byId("name").textContent = name;
  document.title = `What if: ${name}`;
  byId("about").textContent = `${days}${before ? `; beside ${before}` : ""}. All variants meet the same customers.`;
  showSliders();
  readLink();
  showAll();
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", () => { state.moved = {}; showAll(); ask(); });
  byId("keep").addEventListener("click", keep);
  byId("copy-link").addEventListener("click", (event) => copy(byId("link").value, event.currentTarget));
  byId("copy-yaml").addEventListener("click", (event) => copy(byId("yaml").textContent, event.currentTarget));
  byId("figures").addEventListener("toggle", () => { if (state.answer) showFigures(byId("figures"), state.answer); });
  addEventListener("hashchange", () => { readLink(); showAll(); ask(); });
  addEventListener("resize", () => { if (state.answer) drawCharts(byId("charts"), byId("legend"), state.answer); });
  setTimeout(() => { if (!state.answer && !byId("problem").textContent) byId("status").textContent = COMPILING; }, LONG_MS);
  ask();
}

begin().catch(() => { byId("problem").textContent = "ccsim does not answer: start ccsim live again."; });
