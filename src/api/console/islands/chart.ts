import uPlot from 'uplot';

/** Draws how a figure went, such as how full an area was. The same figures stand in the table below, which opens by itself only without scripts. */

const HEIGHT_PX = 260;

/** Whether the reader opened the table: it stays as they left it when the figures are fetched anew. */
let isTableOpen = false;
let drawn: readonly { readonly figure: HTMLElement; readonly plot: uPlot }[] = [];

function draw(): void {
	for (const { plot } of drawn) plot.destroy();
	drawn = [...document.querySelectorAll<HTMLElement>('.chart[data-points]')].flatMap((figure) => {
		const plot = drawOne(figure);
		return plot === undefined ? [] : [{ figure, plot }];
	});
}

function drawOne(figure: HTMLElement): uPlot | undefined {
	figure.hidden = false;
	keepTable(figure);
	const [times, average, ...others] = JSON.parse(figure.dataset['points'] ?? '[]') as (number | null)[][];
	if (!times || !average) return undefined;
	const [lowest, highest] = others;
	const bounds = lowest && highest ? [lowest, highest] : [];
	const second = lowest && !highest ? [lowest] : [];
	const capacity = figure.dataset['capacity'] === undefined ? undefined : Number(figure.dataset['capacity']);
	const limit = capacity === undefined ? [] : [times.map(() => capacity)];
	const isAlone = average.filter((value) => value !== null).length === 1;
	// Times are never null; the lists come from our own server.
	const data = [times, average, ...bounds, ...second, ...limit] as uPlot.AlignedData;
	const shown = { capacity, isAlone, hasBounds: bounds.length > 0, hasSecond: second.length > 0 };
	return new uPlot(options(figure, shown), data, figure);
}

function keepTable(figure: HTMLElement): void {
	const table = figure.parentElement?.querySelector<HTMLDetailsElement>('.history__table');
	if (!table) return;
	table.open = isTableOpen;
	table.addEventListener('toggle', () => {
		isTableOpen = table.open;
	});
}

interface Shown {
	readonly capacity: number | undefined;
	/** One moment alone. */
	readonly isAlone: boolean;
	/** Lowest and highest beside the line. */
	readonly hasBounds: boolean;
	/** Another line beside it. */
	readonly hasSecond: boolean;
}

function options(figure: HTMLElement, { capacity, isAlone, hasBounds, hasSecond }: Shown): uPlot.Options {
	const { timeZone = 'UTC', locale = 'en', average = '', lowest = '', highest = '', places = '' } = figure.dataset;
	const colours = coloursOf(figure);
	const moment = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
	const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
	const shown = (_: uPlot, value: number | null) => (value === null ? '–' : number.format(value));
	const stepped = uPlot.paths.stepped?.({ align: 1 });
	const line = { value: shown, points: { show: false }, ...(stepped && { paths: stepped }) };
	// A step needs a second moment to go to: of one alone there would be nothing to see.
	const points = { show: isAlone, size: 9, fill: colours.line };
	const axis = { stroke: colours.ink, font: `12px ${colours.font}`, ticks: { show: false } };
	return {
		width: figure.clientWidth,
		height: HEIGHT_PX,
		tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
		cursor: { y: false, points: { size: 7 } },
		scales: { y: { range: (_, __, most) => [0, Math.max(5, Math.ceil(Math.max(most, capacity ?? 0) * 1.05))] } },
		axes: [
			{ ...axis, grid: { show: false }, values: timeLabels(locale, timeZone), space: 64 },
			{
				...axis,
				grid: { stroke: colours.grid, width: 1 },
				size: 44,
				incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
			},
		],
		series: [
			{ value: (_, seconds) => (seconds === null ? '' : moment.format(seconds * 1_000)), label: '\u00a0' },
			{ ...line, label: average, stroke: colours.line, width: 2, points },
			...(hasBounds
				? [
						{ ...line, label: lowest, width: 0 },
						{ ...line, label: highest, width: 0 },
					]
				: []),
			...(hasSecond
				? [{ ...line, label: figure.dataset['second'] ?? '', stroke: colours.limit, width: 2, points }]
				: []),
			...(capacity === undefined ? [] : [{ ...line, label: places, stroke: colours.limit, width: 1.5, dash: [6, 5] }]),
		],
		bands: hasBounds ? [{ series: [3, 2], fill: colours.band }] : [],
		legend: { live: true, markers: { show: false } },
		hooks: { ready: [tellLast], setCursor: [(plot) => plot.cursor.idx ?? tellLast(plot)] },
	};
}

/** What the figures below say while nothing is pointed at. */
function tellLast(plot: uPlot): void {
	plot.setLegend({ idx: plot.data[0].length - 1 });
}

/** Clock times within a day, dates beyond: `HH:mm`, or `5 Jan` at midnight. */
function timeLabels(locale: string, timeZone: string): (plot: uPlot, splits: number[]) => string[] {
	const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
	return (_, splits) =>
		splits.map((seconds) => {
			const clock = time.format(seconds * 1_000);
			return clock === '00:00' ? day.format(seconds * 1_000) : clock;
		});
}

/** What the style sheet says for these, by day or by night. */
function coloursOf(figure: HTMLElement) {
	const colour = (name: string) => {
		const probe = document.createElement('span');
		probe.className = `chart__${name}`;
		figure.append(probe);
		const { color, fontFamily } = getComputedStyle(probe);
		probe.remove();
		return { color, fontFamily };
	};
	const { color: ink, fontFamily: font } = colour('ink');
	return {
		ink,
		font,
		line: colour('line').color,
		band: colour('band').color,
		grid: colour('grid').color,
		limit: colour('limit').color,
	};
}

draw();
document.body.addEventListener('htmx:afterSwap', () => {
	if (drawn.length === 0 || drawn.some(({ figure }) => !figure.isConnected)) draw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
new ResizeObserver(() => {
	for (const { figure, plot } of drawn) {
		if (figure.clientWidth !== plot.width) plot.setSize({ width: figure.clientWidth, height: HEIGHT_PX });
	}
}).observe(document.querySelector('#content') ?? document.body);
