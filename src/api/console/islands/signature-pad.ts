/**
 * A pad to sign on, by pen, finger or mouse (Pointer Events). Lines become whole points in a box of fixed size, with how
 * hard the pen was pressed, and go with the form. Nobody has to draw: without lines the typed name stands for the signature.
 */

type Point = [x: number, y: number, pressure: number];

const form = document.querySelector<HTMLFormElement>('[data-signing]');
const pad = form?.querySelector<HTMLElement>('[data-pad]');
const canvas = pad?.querySelector('canvas');
const context = canvas?.getContext('2d');
if (form && pad && canvas && context) drawOn(form, pad, canvas, context);

function drawOn(
	signing: HTMLFormElement,
	frame: HTMLElement,
	paper: HTMLCanvasElement,
	ink: CanvasRenderingContext2D,
): void {
	const figure = (name: string) => Number(paper.dataset[name]);
	const box = { width: figure('width'), height: figure('height'), pressure: figure('pressure') };
	const most = { points: figure('points'), lines: figure('lines') };
	const field = signing.querySelector<HTMLInputElement>('[data-strokes]');
	let strokes: Point[][] = [];
	let current: { readonly id: number; readonly stroke: Point[] } | undefined;

	function pointOf({ clientX, clientY, pressure, pointerType }: PointerEvent): Point {
		const { left, top, width, height } = paper.getBoundingClientRect();
		const within = (share: number, side: number) => Math.round(Math.min(Math.max(share, 0), 1) * side);
		// Only pens tell how hard; fingers of some browsers tell 0 or 1.
		const hard = pointerType === 'pen' ? pressure : 0.5;
		const x = within((clientX - left) / width, box.width);
		return [x, within((clientY - top) / height, box.height), within(hard, box.pressure)];
	}

	function count(): number {
		return strokes.reduce((sum, { length }) => sum + length, 0);
	}

	/** Points nearer than this say nothing. */
	const NEAR = 6;

	function add(point: Point): void {
		if (current === undefined || count() >= most.points) return;
		const last = current.stroke.at(-1);
		if (last !== undefined && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return;
		current.stroke.push(point);
		line(last ?? point, point);
	}

	function line(from: Point, to: Point): void {
		const scale = paper.width / box.width;
		ink.strokeStyle = getComputedStyle(paper).color;
		ink.lineCap = 'round';
		ink.lineWidth = (6 + (to[2] / box.pressure) * 22) * scale;
		ink.beginPath();
		ink.moveTo(from[0] * scale, from[1] * scale);
		ink.lineTo(to[0] * scale, to[1] * scale);
		ink.stroke();
	}

	/** As sharp as the screen, also after it was turned. */
	function redraw(): void {
		const { width, height } = paper.getBoundingClientRect();
		paper.width = Math.round(width * devicePixelRatio);
		paper.height = Math.round(height * devicePixelRatio);
		for (const stroke of strokes) {
			for (const [place, point] of stroke.entries()) line(stroke[place - 1] ?? point, point);
		}
	}

	function tell(): void {
		if (field === null) return;
		field.value = strokes.map((stroke) => stroke.map((point) => point.join(',')).join(' ')).join(';');
	}

	paper.addEventListener('pointerdown', (event) => {
		if (event.button !== 0 || current !== undefined || strokes.length >= most.lines || count() >= most.points) return;
		event.preventDefault();
		paper.setPointerCapture(event.pointerId);
		current = { id: event.pointerId, stroke: [] };
		strokes.push(current.stroke);
		add(pointOf(event));
	});
	paper.addEventListener('pointermove', (event) => {
		if (event.pointerId !== current?.id) return;
		for (const one of event.getCoalescedEvents?.() ?? [event]) add(pointOf(one));
	});
	const stop = (event: PointerEvent) => {
		if (event.pointerId !== current?.id) return;
		current = undefined;
		tell();
	};
	paper.addEventListener('pointerup', stop);
	paper.addEventListener('pointercancel', stop);
	frame.querySelector('[data-clear]')?.addEventListener('click', () => {
		strokes = [];
		current = undefined;
		tell();
		redraw();
	});
	frame.hidden = false;
	new ResizeObserver(redraw).observe(paper);
}
