/**
 * Lets the area to blur be drawn on the picture, by finger, mouse or keys. The numbers of the form say the same and stay in
 * step; without scripts they are all there is.
 */

interface Area {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** Of the picture's side. */
const STEP = 0.01;
const SMALLEST = 0.01;

const ARROWS: ReadonlyMap<string, readonly [right: number, down: number]> = new Map([
	['ArrowLeft', [-1, 0]],
	['ArrowRight', [1, 0]],
	['ArrowUp', [0, -1]],
	['ArrowDown', [0, 1]],
]);

const frame = document.querySelector<HTMLElement>('[data-frame]');
const shown = document.querySelector<HTMLElement>('[data-area]');
const fields = document.querySelector<HTMLElement>('[data-area-fields]');
if (frame && shown && fields) drawOn(frame, shown, fields);

function drawOn(picture: HTMLElement, box: HTMLElement, inputs: HTMLElement): void {
	const input = (side: keyof Area) => inputs.querySelector<HTMLInputElement>(`[name="${side}"]`);
	let start: { readonly x: number; readonly y: number } | undefined;

	function read(): Area {
		const side = (name: keyof Area) => Number(input(name)?.value ?? 0) / 100;
		return { x: side('x'), y: side('y'), width: side('width'), height: side('height') };
	}

	function place({ x, y, width, height }: Area): void {
		const percent = (value: number) => `${(value * 100).toFixed(2)}%`;
		box.hidden = false;
		Object.assign(box.style, { left: percent(x), top: percent(y), width: percent(width), height: percent(height) });
	}

	function choose(area: Area): void {
		const width = within(area.width, SMALLEST, 1);
		const height = within(area.height, SMALLEST, 1);
		const chosen = { x: within(area.x, 0, 1 - width), y: within(area.y, 0, 1 - height), width, height };
		for (const side of ['x', 'y', 'width', 'height'] as const) {
			const field = input(side);
			if (field !== null) field.value = (chosen[side] * 100).toFixed(1);
		}
		place(chosen);
	}

	function pointOf(event: PointerEvent) {
		const { left, top, width, height } = picture.getBoundingClientRect();
		return { x: within((event.clientX - left) / width, 0, 1), y: within((event.clientY - top) / height, 0, 1) };
	}

	picture.classList.add('frame--drawn');
	picture.addEventListener('pointerdown', (event) => {
		if (event.button !== 0) return;
		event.preventDefault();
		picture.setPointerCapture(event.pointerId);
		start = pointOf(event);
	});
	picture.addEventListener('pointermove', (event) => {
		if (start === undefined) return;
		const end = pointOf(event);
		choose({
			...{ x: Math.min(start.x, end.x), y: Math.min(start.y, end.y) },
			...{ width: Math.abs(end.x - start.x), height: Math.abs(end.y - start.y) },
		});
	});
	const stop = () => {
		start = undefined;
	};
	picture.addEventListener('pointerup', stop);
	picture.addEventListener('pointercancel', stop);
	// Arrows move it, with Shift they make it larger and smaller.
	box.addEventListener('keydown', (event) => {
		const direction = ARROWS.get(event.key);
		if (direction === undefined) return;
		event.preventDefault();
		const { x, y, width, height } = read();
		const [right, down] = direction;
		if (event.shiftKey) choose({ x, y, width: width + right * STEP, height: height + down * STEP });
		else choose({ x: x + right * STEP, y: y + down * STEP, width, height });
	});
	inputs.addEventListener('input', () => place(read()));
	place(read());
}

function within(value: number, smallest: number, largest: number): number {
	return Math.min(Math.max(value, smallest), largest);
}
