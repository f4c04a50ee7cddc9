/**
 * Phones on the ground: forms wait for a connection instead of failing, and the camera reads codes where the browser can.
 * Without scripts forms are plain forms.
 */

const RETRY_MS = 3_000;
const ANSWER_MS = 4_000;
const notice = document.querySelector<HTMLElement>('[data-offline]');

async function isReachable(): Promise<boolean> {
	if (!navigator.onLine) return false;
	try {
		await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
		return true;
	} catch {
		return false;
	}
}

/** Until the timer or the browser says that it may have come back. */
function connectionMayBeBack(): Promise<void> {
	return new Promise((resolve) => {
		const again = () => {
			clearTimeout(timer);
			window.removeEventListener('online', again);
			resolve();
		};
		const timer = setTimeout(again, RETRY_MS);
		window.addEventListener('online', again);
	});
}

/** The one that waits; asked again, the last answer counts. */
let waiting = 0;
const passed = new WeakSet<HTMLFormElement>();

document.addEventListener('submit', (event) => {
	const form = event.target;
	if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-keeps')) return;
	if (passed.delete(form)) return;
	event.preventDefault();
	waiting += 1;
	void sendWhenReachable(form, event.submitter, waiting);
});

async function sendWhenReachable(form: HTMLFormElement, submitter: HTMLElement | null, turn: number): Promise<void> {
	while (!(await isReachable())) {
		if (turn !== waiting) return;
		if (notice !== null) notice.hidden = false;
		await connectionMayBeBack();
	}
	if (turn !== waiting) return;
	if (notice !== null) notice.hidden = true;
	passed.add(form);
	form.requestSubmit(submitter);
}

/** https://wicg.github.io/shape-detection-api/#barcode-detection-api; not in TypeScript's library. */
interface Detector {
	detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorMaker = new () => Detector;

const LOOK_EVERY_MS = 250;
const button = document.querySelector<HTMLButtonElement>('[data-camera]');
const video = document.querySelector<HTMLVideoElement>('[data-camera-view]');
const failure = document.querySelector<HTMLElement>('[data-camera-failed]');
const make: unknown = Reflect.get(window, 'BarcodeDetector');
// Cameras are for pages that came over TLS (or from this machine).
if (button && video && typeof make === 'function' && 'mediaDevices' in navigator) {
	offerCamera(button, video, make as DetectorMaker);
}

function offerCamera(toggle: HTMLButtonElement, view: HTMLVideoElement, makeDetector: DetectorMaker): void {
	const words = toggle.querySelector('span');
	const start = words?.textContent ?? '';
	let stream: MediaStream | undefined;
	toggle.hidden = false;

	function stop(): void {
		for (const track of stream?.getTracks() ?? []) track.stop();
		stream = undefined;
		view.hidden = true;
		if (words) words.textContent = start;
	}

	function found(text: string): void {
		stop();
		const input = document.querySelector<HTMLInputElement>(toggle.dataset['camera'] ?? '');
		if (!input) return;
		input.value = text;
		input.form?.requestSubmit();
	}

	async function look(): Promise<void> {
		const detector = new makeDetector();
		while (stream !== undefined) {
			const [code] = await detector.detect(view);
			if (code !== undefined && stream !== undefined) return found(code.rawValue);
			await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
		}
	}

	async function run(): Promise<void> {
		if (failure) failure.hidden = true;
		stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
		view.srcObject = stream;
		view.hidden = false;
		if (words) words.textContent = toggle.dataset['cameraStop'] ?? start;
		await view.play();
		await look();
	}

	toggle.addEventListener('click', () => {
		if (stream !== undefined) return stop();
		run().catch(() => {
			stop();
			if (failure) failure.hidden = false;
		});
	});
	window.addEventListener('pagehide', stop);
}
