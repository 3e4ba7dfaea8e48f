// Charts by time of day as inline SVG, and a sentence that says the same to who does not see them.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 190, LEFT = 42, RIGHT = 10, TOP = 8, BOTTOM = 22;

function node(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const percent = (share) => `${Math.round(share * 100)} %`;

function ends(chart) {
  const known = chart.lines.flatMap((line) => line.mean).filter((value) => value !== null);
  if (chart.goal !== null) known.push(chart.goal);
  const low = Math.min(...known), high = Math.max(...known), room = Math.max((high - low) * 0.12, 0.01);
  return [Math.max(0, low - room), Math.min(1, high + room)];
}

function steps(low, high) {
  const size = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((step) => (high - low) / step <= 5) || 0.5;
  const found = [];
  for (let k = Math.ceil(low / size); k * size <= high + 1e-9; k += 1) found.push(k * size);
  return found;
}

function path(points) {
  let text = "", pen = "M";
  for (const [x, y] of points) {
    if (y === null) { pen = "M"; continue; }
    text += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  }
  return text;
}

function drawing(chart, columns, width) {
  const times = chart.lines.flatMap((line) => line.times.map(minutes));
  const [low, high] = ends(chart), from = Math.min(...times), to = Math.max(...times, from + 1);
  const x = (minute) => LEFT + ((minute - from) / (to - from)) * (width - LEFT - RIGHT);
  const y = (share) => TOP + (1 - (Math.min(Math.max(share, low), high) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const svg = node("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": inWords(chart, columns) });
  for (const share of steps(low, high)) {
    svg.append(node("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: y(share), y2: y(share) }));
    const digits = high - low < 0.04 ? 1 : 0;
    svg.append(node("text", { x: LEFT - 5, y: y(share) + 4, "text-anchor": "end" }, `${(share * 100).toFixed(digits)} %`));
  }
  const hours = [1, 2, 3, 4, 6].find((step) => (to - from) / 60 / step <= width / 55) || 6;
  for (let hour = Math.ceil(from / 60); hour * 60 <= to; hour += 1) {
    if (hour % hours === 0) svg.append(node("text", { x: x(hour * 60), y: HEIGHT - 5, "text-anchor": "middle" }, `${hour}:00`));
  }
  if (chart.goal !== null) svg.append(node("line", { class: "goal", x1: LEFT, x2: width - RIGHT, y1: y(chart.goal), y2: y(chart.goal) }));
  const order = columns.map((column, place) => place).sort((a, b) => (columns[a].role === "now") - (columns[b].role === "now"));
  for (const place of order) svg.append(...drawn(chart.lines[place], columns[place], x, y));
  return { svg, x, width };
}

// The figures at the time that is pointed at.

function readable({ svg, x, width }, chart, columns, said) {
  const times = timesOf(chart), cursor = node("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM, visibility: "hidden" });
  svg.append(cursor);
  const show = (event) => {
    const at = ((event.clientX - svg.getBoundingClientRect().left) / svg.clientWidth) * width;
    const away = (time) => Math.abs(x(minutes(time)) - at), time = times.reduce((a, b) => (away(b) < away(a) ? b : a));
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(minutes(time)));
    cursor.setAttribute("visibility", "visible");
    const parts = columns.map((column, place) => [column.title, figureAt(chart.lines[place], time)]);
    said.textContent = `${time}\u2002${parts.filter(([, figure]) => figure).map((part) => part.join(" ")).join(", ")}`;
  };
  svg.addEventListener("pointermove", show);
  svg.addEventListener("pointerdown", show);
  svg.addEventListener("pointerleave", () => { cursor.setAttribute("visibility", "hidden"); said.textContent = ""; });
}

const timesOf = (chart) => [...new Set(chart.lines.flatMap((line) => line.times))].sort();

function figureAt(line, time) {
  const k = line.times.indexOf(time), mean = k < 0 ? null : line.mean[k];
  if (mean === null) return "";
  const half = line.high[k] === null ? null : (line.high[k] - line.low[k]) / 2;
  return `${(mean * 100).toFixed(1)} %${half === null ? "" : ` ± ${(half * 100).toFixed(1)}`}`;
}

function showFigures(place, answer) {
  const summary = place.querySelector("summary");
  place.replaceChildren(summary, ...(place.open ? answer.charts.map((chart) => tableOf(chart, answer.columns)) : []));
}

function tableOf(chart, columns) {
  const cell = (name, text, scope) => { const made = document.createElement(name); made.textContent = text; if (scope) made.scope = scope; return made; };
  const line = (cells) => { const made = document.createElement("tr"); made.append(...cells); return made; };
  const box = document.createElement("div"), table = document.createElement("table"), caption = document.createElement("caption");
  caption.textContent = chart.title;
  const rows = timesOf(chart).map((time) => line([cell("th", time, "row"), ...chart.lines.map((each) => cell("td", figureAt(each, time)))]));
  const head = document.createElement("thead"), body = document.createElement("tbody");
  head.append(line([cell("th", "from", "col"), ...columns.map((column) => cell("th", column.title, "col"))]));
  body.append(...rows);
  table.append(caption, head, body);
  box.append(table);
  box.className = "scroll";
  box.tabIndex = 0;
  box.role = "region";
  box.ariaLabel = `${chart.title}, figures`;
  return box;
}

function drawn(line, column, x, y) {
  const at = (values) => line.times.map((time, k) => [x(minutes(time)), values[k] === null ? null : y(values[k])]);
  const parts = [node("path", { class: `drawn ${column.look}`, d: path(at(line.mean)) })];
  if (column.role === "now" && line.low.every((value) => value !== null)) {
    const around = path([...at(line.low), ...at(line.high).reverse()]);
    parts.unshift(node("path", { class: `band ${column.look}`, d: around ? `${around}Z` : "" }));
  }
  return parts;
}

function inWords(chart, columns) {
  const words = columns.map((column, place) => {
    const line = chart.lines[place], known = line.mean.map((value, k) => [value, line.times[k]]).filter((pair) => pair[0] !== null);
    if (!known.length) return "";
    const least = known.reduce((a, b) => (b[0] < a[0] ? b : a)), most = known.reduce((a, b) => (b[0] > a[0] ? b : a));
    return `${column.title}: from ${percent(least[0])} at ${least[1]} to ${percent(most[0])} at ${most[1]}`;
  });
  const goal = chart.goal === null ? "" : ` Target ${percent(chart.goal)}.`;
  return `${chart.title} by time of day. ${words.filter(Boolean).join("; ")}.${goal}`;
}

function drawCharts(place, legend, answer) {
  const columns = answer.columns;
  legend.replaceChildren(...columns.map((column) => {
    const item = document.createElement("li");
    const sample = node("svg", { viewBox: "0 0 34 10", "aria-hidden": "true" }, node("path", { class: `drawn ${column.look}`, d: "M0 5L34 5" }));
    item.append(sample, column.title);
    return item;
  }));
  const figures = answer.charts.map((chart) => {
    const figure = document.createElement("figure"), caption = document.createElement("figcaption");
    caption.textContent = chart.title;
    figure.append(caption);
    return figure;
  });
  place.replaceChildren(...figures);
  const widths = figures.map((figure) => Math.max(figure.clientWidth, 240));
  figures.forEach((figure, k) => {
    const made = drawing(answer.charts[k], columns, widths[k]), said = document.createElement("p");
    said.className = "note at";
    said.ariaHidden = "true";
    readable(made, answer.charts[k], columns, said);
    figure.append(made.svg, said);
  });
}
