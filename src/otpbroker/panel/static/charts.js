// Draws the charts of `templates/_charts.html`. A series differs from the others by colour and by dash or pattern.
"use strict";

(() => {
  const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [1, 5]];
  const WHOLE = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((tens) => [1, 2, 5].map((one) => one * 10 ** tens));
  const LEAST_LABEL_PX = 64;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const drawn = new Set();
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 });

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = (series, at) => css(series.tone ? `--${series.tone}` : `--chart-${(at % 6) + 1}`);

  // An opaque pattern, so that stacked bars do not show through each other.
  function pattern(context, at, paint) {
    if (at === 0) return paint;
    const tile = document.createElement("canvas");
    const side = 8 * devicePixelRatio;
    tile.width = tile.height = side;
    const pen = tile.getContext("2d");
    pen.fillStyle = css("--pico-background-color");
    pen.fillRect(0, 0, side, side);
    pen.strokeStyle = pen.fillStyle = paint;
    pen.lineWidth = side / 4;
    const lines = [
      [],
      [[-1, 1, 1, -1], [0, 1, 1, 0], [0, 2, 2, 0]],
      [[0, 0.5, 1, 0.5]],
      [[-1, 0, 1, 2], [0, 0, 1, 1], [0, -1, 2, 1]],
      [[0.5, 0, 0.5, 1]],
      [[0, 0.5, 1, 0.5], [0.5, 0, 0.5, 1]],
    ][at % 6];
    pen.beginPath();
    for (const [x1, y1, x2, y2] of lines) {
      pen.moveTo(x1 * side, y1 * side);
      pen.lineTo(x2 * side, y2 * side);
    }
    pen.stroke();
    return context.createPattern(tile, "repeat");
  }

  function swatch(place, chart, series, at) {
    const canvas = document.createElement("canvas");
    const scale = devicePixelRatio;
    canvas.width = 28 * scale;
    canvas.height = 14 * scale;
    const pen = canvas.getContext("2d");
    const paint = colour(series, at);
    if (chart.kind === "bars") {
      pen.fillStyle = pattern(pen, at, paint);
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.strokeStyle = paint;
      pen.strokeRect(0, 0, canvas.width, canvas.height);
    } else {
      pen.strokeStyle = paint;
      pen.lineWidth = 2 * scale;
      pen.setLineDash(DASHES[at % 6].map((length) => length * scale));
      pen.beginPath();
      pen.moveTo(0, canvas.height / 2);
      pen.lineTo(canvas.width, canvas.height / 2);
      pen.stroke();
    }
    place.replaceChildren(canvas);
  }

  // Each of the stack on top of those before; the whole stack is drawn first and the lowest last.
  function stacked(chart) {
    let sums = chart.x.map(() => 0);
    return chart.series.map((series) => (sums = sums.map((sum, at) => sum + (series.values[at] ?? 0)))).reverse();
  }

  function seriesOf(chart) {
    const lines = chart.series.map((series, at) => {
      const paint = colour(series, at);
      if (chart.kind !== "bars") {
        const alone = chart.x.length < 2;
        return { stroke: paint, width: 2, dash: DASHES[at % 6], spanGaps: false, points: { show: alone ? true : undefined } };
      }
      return {
        stroke: paint,
        width: 1,
        fill: (plot) => pattern(plot.ctx, at, paint),
        paths: uPlot.paths.bars({ size: [0.8, 48] }),
        points: { show: false },
      };
    });
    return chart.kind === "bars" ? lines.reverse() : lines;
  }

  // As many of the points as there is room to name.
  function named(plot, chart) {
    const room = Math.max(1, Math.floor(plot.bbox.width / devicePixelRatio / LEAST_LABEL_PX));
    const step = Math.max(1, Math.ceil(chart.x.length / room));
    return chart.x.filter((_, at) => at % step === 0);
  }

  function range(chart) {
    const [first, last] = [chart.x[0], chart.x[chart.x.length - 1]];
    const edge = chart.kind === "bars" || first === last ? 0.6 * (chart.x[1] - first || 1) : 0;
    return () => [first - edge, last + edge];
  }

  // From naught, but for what is always below it, such as a signal in dBm.
  function reach(low, high) {
    if (high >= 0) return [Math.min(0, low), (high || 1) * 1.05];
    const room = Math.max(5, (high - low) / 10);
    return [low - room, Math.min(0, high + room)];
  }

  function readout(place, chart, at) {
    const told = chart.series.map((series) => `${series.label}: ${series.values[at] == null ? "–" : numbers.format(series.values[at])}`);
    place.textContent = at == null ? "" : `${chart.labels[at]} · ${told.join(" · ")}`;
  }

  function draw(place) {
    const chart = JSON.parse(place.dataset.chart);
    if (!chart.x.length) return;
    const figure = place.closest("figure");
    const ink = css("--pico-color");
    const grid = { stroke: css("--pico-muted-border-color"), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: "12px system-ui, sans-serif" };
    const whole = chart.kind === "bars" && chart.series.every((series) => series.values.every(Number.isInteger));
    const label = new Map(chart.x.map((x, at) => [x, chart.labels[at]]));
    const options = {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: chart.kind !== "bars" } },
      scales: { x: { time: false, range: range(chart) }, y: { range: (_, low, high) => reach(low ?? 0, high ?? 0) } },
      axes: [
        { ...axis, size: 32, grid: { show: false }, splits: (plot) => named(plot, chart), values: (_, splits) => splits.map((x) => label.get(x) ?? "") },
        { ...axis, size: (_, values) => 20 + 7 * Math.max(3, ...(values ?? []).map((value) => value.length)), incrs: whole ? WHOLE : undefined, values: (_, splits) => splits.map((value) => numbers.format(value)) },
      ],
      series: [{}, ...seriesOf(chart)],
      hooks: { setCursor: [(plot) => readout(figure.querySelector(".readout"), chart, plot.cursor.idx)] },
    };
    const values = chart.kind === "bars" ? stacked(chart) : chart.series.map((series) => series.values);
    place.replaceChildren();
    const plot = new uPlot(options, [chart.x, ...values], place);
    chart.series.forEach((series, at) => swatch(figure.querySelectorAll(".swatch")[at], chart, series, at));
    return plot;
  }

  function begin(place) {
    const state = { place, plot: draw(place) };
    if (!state.plot) return;
    state.watch = new ResizeObserver(() => {
      const size = { width: place.clientWidth, height: place.clientHeight };
      if (size.width && (size.width !== state.plot.width || size.height !== state.plot.height)) state.plot.setSize(size);
    });
    state.watch.observe(place);
    drawn.add(state);
  }

  function look(root) {
    for (const state of drawn) {
      if (state.place.isConnected) continue;
      state.watch.disconnect();
      state.plot.destroy();
      drawn.delete(state);
    }
    const known = new Set([...drawn].map((state) => state.place));
    for (const place of root.querySelectorAll(".plot[data-chart]")) if (!known.has(place)) begin(place);
  }

  look(document);
  document.addEventListener("htmx:afterSettle", () => look(document));
  dark.addEventListener("change", () => {
    for (const state of drawn) {
      state.plot.destroy();
      state.plot = draw(state.place);
    }
  });
  // Paper shows the numbers, too.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.data:not([open])")) {
      details.open = true;
      details.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-printed]")) {
      details.open = false;
      delete details.dataset.printed;
    }
  });
})();
