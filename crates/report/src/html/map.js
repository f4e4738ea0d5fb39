"use strict";
// The zoomable picture of the report. Reads the data block, writes text only as text, loads nothing, keeps nothing.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [NAME, BYTES, COMPRESSED, LAYER, WASTED, FILES, FOLD, CHILDREN] = [0, 1, 2, 3, 4, 5, 6, 7];
  const by = (id) => document.getElementById(id);
  const map = by("map"), crumbs = by("crumbs"), told = by("told"), search = by("search"), found = by("found");
  const LABEL = 18, MOST_TILES = 1600, MOST_FOUND = 60;
  let view = "directories", path = [], matches = null, tiles = [];

  // ---- words and numbers
  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const tenth = (n, unit) => {
    const tenths = Math.round((n * 10) / unit);
    return grouped(Math.floor(tenths / 10)) + "." + (tenths % 10);
  };
  const size = (n) => (n < 1000 ? n + " B" : n < 50000 ? tenth(n, 1e3) + " kB" : tenth(n, 1e6) + " MB");
  const percent = (part, whole) => (whole ? Math.min(part < whole ? 99.9 : 100, (part / whole) * 100) : 0).toFixed(1) + " %";
  const label = (node) =>
    node[FOLD] ? grouped(node[FILES]) + (node[FILES] === 1 ? " small file" : " small files") : node[NAME] || data.root[view];
  const children = (node) => node[CHILDREN] || [];
  const root = () => data.maps[view];
  const here = () => path[path.length - 1] || root();
  const separator = () => (view === "directories" ? "/" : " / ");
  const fullName = (nodes) => (view === "directories" ? "/" : "") + nodes.map(label).join(separator());

  const sentence = (nodes) => {
    const node = nodes[nodes.length - 1] || root();
    const parts = [fullName(nodes) || data.root[view], size(node[BYTES])];
    if (node[COMPRESSED] !== null) parts.push("~" + size(node[COMPRESSED]) + " compressed");
    parts.push(percent(node[BYTES], root()[BYTES]) + " of " + data.whole[view]);
    parts.push(grouped(node[FILES]) + (node[FILES] === 1 ? " file" : " files"));
    if (node[WASTED]) parts.push(size(node[WASTED]) + " wasted");
    const layer = data.layers[node[LAYER]];
    if (layer !== undefined) parts.push("mostly from layer " + node[LAYER] + ": " + layer);
    return parts.join(" · ");
  };

  // ---- colours: one hue a layer, never near red, which means wasted
  const hue = (layer) => 45 + ((layer * 167) % 270);
  const paint = (element, layer) => {
    const known = data.base[layer] !== true;
    element.style.backgroundColor = known
      ? `hsl(${hue(layer)} var(--tile-color) var(--tile-light))`
      : `hsl(220 6% var(--grey))`;
  };
  for (const swatch of document.querySelectorAll(".swatch")) paint(swatch, Number(swatch.dataset.layer));

  // ---- squarified treemap: Bruls, Huizing, van Wijk 2000
  const squarify = (nodes, x, y, w, h) => {
    const total = nodes.reduce((sum, node) => sum + node[BYTES], 0);
    const boxes = [];
    if (!total || w < 1 || h < 1) return boxes;
    const scale = (w * h) / total;
    let rest = nodes.filter((node) => node[BYTES] > 0);
    while (rest.length) {
      const side = Math.min(w, h);
      const row = [];
      let area = 0, worst = Infinity;
      for (const node of rest) {
        const next = area + node[BYTES] * scale;
        const large = Math.max(rest[0][BYTES] * scale, 1e-9), small = Math.max(node[BYTES] * scale, 1e-9);
        const ratio = Math.max((side * side * large) / (next * next), (next * next) / (side * side * small));
        if (row.length && ratio > worst) break;
        row.push(node);
        [area, worst] = [next, ratio];
      }
      const depth = side ? area / side : 0;
      let along = 0;
      for (const node of row) {
        const length = depth ? (node[BYTES] * scale) / depth : 0;
        boxes.push(w >= h ? { node, x, y: y + along, w: depth, h: length } : { node, x: x + along, y, w: length, h: depth });
        along += length;
      }
      if (w >= h) { x += depth; w -= depth; } else { y += depth; h -= depth; }
      rest = rest.slice(row.length);
    }
    return boxes;
  };

  const place = (box, above, level, into) => {
    if (box.w < 3 || box.h < 3 || into.length >= MOST_TILES) return;
    const nodes = above.concat([box.node]);
    into.push({ ...box, nodes, level });
    const inner = { x: box.x + 2, y: box.y + LABEL, w: box.w - 4, h: box.h - LABEL - 2 };
    if (level < 4 && inner.w > 36 && inner.h > 22) {
      for (const child of squarify(children(box.node), inner.x, inner.y, inner.w, inner.h)) place(child, nodes, level + 1, into);
    }
  };

  const isMatch = (node) => !matches || matches.has(node);

  const draw = (focus) => {
    const { clientWidth: w, clientHeight: h } = map;
    const boxes = [];
    // what has no parts is shown as itself
    const parts = children(here()).length ? children(here()) : [here()];
    const above = children(here()).length ? path : path.slice(0, -1);
    for (const box of squarify(parts, 0, 0, w, h)) place(box, above, 1, boxes);
    map.textContent = "";
    tiles = [];
    for (const box of boxes) {
      const tile = document.createElement("div");
      tile.className = "tile";
      const text = box.w > 40 && box.h > 14 ? label(box.node) + "  " + size(box.node[BYTES]) : "";
      const span = document.createElement("span");
      span.textContent = text;
      tile.append(span);
      Object.assign(tile.style, { left: box.x + "px", top: box.y + "px", width: box.w + "px", height: box.h + "px" });
      paint(tile, box.node[LAYER]);
      if (box.node[WASTED] * 2 > box.node[BYTES] && !children(box.node).length) tile.classList.add("wasted");
      if (!isMatch(box.node)) tile.classList.add("missed");
      tile.title = sentence(box.nodes);
      tile.addEventListener("click", (event) => { event.stopPropagation(); open(box.nodes); });
      tile.addEventListener("mouseenter", () => tell(box.nodes));
      if (box.level === 1) {
        tile.setAttribute("role", "treeitem");
        tile.setAttribute("aria-label", sentence(box.nodes));
        if (children(box.node).length) tile.setAttribute("aria-expanded", "false");
        tile.tabIndex = -1;
        tile.addEventListener("focus", () => tell(box.nodes));
        tiles.push({ ...box, tile });
      } else {
        tile.setAttribute("aria-hidden", "true");
      }
      map.append(tile);
    }
    const first = tiles.find((box) => box.node === focus) || tiles[0];
    if (first) first.tile.tabIndex = 0;
    if (focus !== undefined && first) first.tile.focus();
    drawCrumbs();
    if (focus === undefined) tell(path);
  };

  const drawCrumbs = () => {
    crumbs.textContent = "";
    [null, ...path].forEach((node, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = node ? label(node) : data.root[view];
      if (at === path.length) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => zoom(path.slice(0, at), null));
      crumbs.append(button);
    });
  };

  const tell = (nodes) => { told.textContent = sentence(nodes); };

  // ---- moving about
  const zoom = (nodes, focus) => { path = nodes; draw(focus); };
  const open = (nodes) => {
    const node = nodes[nodes.length - 1];
    if (children(node).length) return zoom(nodes, null);
    // what has no parts is selected in the directory that it is in
    zoom(nodes.slice(0, -1), node);
  };
  const out = () => { if (path.length) { const from = path[path.length - 1]; zoom(path.slice(0, -1), from); } };

  const step = (from, dx, dy) => {
    const middle = (box) => [box.x + box.w / 2, box.y + box.h / 2];
    const [x, y] = middle(from);
    let best = null, least = Infinity;
    for (const box of tiles) {
      if (box === from) continue;
      const [bx, by] = middle(box);
      const ahead = (bx - x) * dx + (by - y) * dy, aside = Math.abs((bx - x) * dy) + Math.abs((by - y) * dx);
      if (ahead > 0.5 && ahead + 2 * aside < least) [best, least] = [box, ahead + 2 * aside];
    }
    return best;
  };

  const focusOn = (box) => {
    if (!box) return;
    for (const other of tiles) other.tile.tabIndex = other === box ? 0 : -1;
    box.tile.focus();
  };

  map.addEventListener("keydown", (event) => {
    const at = tiles.find((box) => box.tile === document.activeElement);
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (moves[event.key]) focusOn(step(at, ...moves[event.key]));
    else if (event.key === "Home") focusOn(tiles[0]);
    else if (event.key === "End") focusOn(tiles[tiles.length - 1]);
    else if (event.key === "Enter" || event.key === " ") open(at.nodes);
    else if (event.key === "Escape" || event.key === "Backspace") out();
    else return;
    event.preventDefault();
  });

  // ---- views
  const views = [...document.querySelectorAll("[data-view]")];
  const choose = (button) => {
    view = button.dataset.view;
    for (const other of views) {
      other.setAttribute("aria-checked", String(other === button));
      other.tabIndex = other === button ? 0 : -1;
    }
    path = [];
    look();
    draw();
  };
  views.forEach((button, at) => {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      const next = views[(at + by + views.length) % views.length];
      choose(next);
      next.focus();
      event.preventDefault();
    });
  });

  // ---- search
  let results = [], selected = -1;
  const look = () => {
    const wanted = search.value.trim().toLowerCase();
    results = [];
    matches = wanted ? new Set() : null;
    const todo = wanted ? [[root(), []]] : [];
    while (todo.length) {
      const [node, nodes] = todo.pop();
      for (const child of children(node)) todo.push([child, nodes.concat([child])]);
      if (nodes.length && fullName(nodes).toLowerCase().includes(wanted)) {
        for (const part of nodes) matches.add(part);
        // the name itself must have a part in the match, or everything in a matching directory would be listed
        if (!fullName(nodes.slice(0, -1)).toLowerCase().includes(wanted)) results.push(nodes);
      }
    }
    results.sort((a, b) => b[b.length - 1][BYTES] - a[a.length - 1][BYTES]);
    showFound(wanted);
  };
  const showFound = (wanted) => {
    found.textContent = "";
    selected = -1;
    results.slice(0, MOST_FOUND).forEach((nodes, at) => {
      const item = document.createElement("li");
      item.id = "found-" + at;
      item.setAttribute("role", "option");
      const name = document.createElement("code"), bytes = document.createElement("span");
      name.textContent = fullName(nodes);
      bytes.textContent = size(nodes[nodes.length - 1][BYTES]);
      item.append(name, bytes);
      item.addEventListener("click", () => take(at));
      found.append(item);
    });
    search.setAttribute("aria-expanded", String(results.length > 0));
    if (wanted) {
      const more = results.length > MOST_FOUND ? `, the largest ${MOST_FOUND} are listed` : "";
      told.textContent = `${grouped(results.length)} found${more}`;
    }
  };
  const select = (at) => {
    const items = [...found.children];
    if (!items.length) return;
    selected = (at + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === selected)));
    items[selected].scrollIntoView({ block: "nearest" });
    search.setAttribute("aria-activedescendant", items[selected].id);
  };
  const take = (at) => {
    const nodes = results[at];
    if (!nodes) return;
    found.textContent = "";
    search.setAttribute("aria-expanded", "false");
    open(nodes);
  };
  search.addEventListener("input", () => { look(); draw(); if (search.value.trim()) showFound(search.value.trim()); });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") select(selected + 1);
    else if (event.key === "ArrowUp") select(selected - 1);
    else if (event.key === "Enter") take(Math.max(selected, 0));
    else if (event.key === "Escape") { search.value = ""; look(); draw(); }
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) { search.focus(); event.preventDefault(); }
  });

  // ---- theme
  const theme = by("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
    document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  });

  new ResizeObserver(() => {
    const at = tiles.find((box) => box.tile === document.activeElement);
    draw(at && at.node);
  }).observe(map);
  choose(views[0]);
})();
