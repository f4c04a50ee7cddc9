import { listen, type StreamEvent } from './event-source.ts';

/**
 * Keeps a page live: every event of the site wakes the parts that show it (`hx-trigger="parkgate:…"`), which
 * fetch themselves anew. After a loss everything is fetched once, so that nothing is missed.
 */

/** Three heartbeats of the server (LIMITS.eventHeartbeatMs) missed. */
const SILENCE_MS = 45_000;
/** A page nobody looks at lets go of its stream after this long. */
const HIDDEN_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 20_000;
/** A burst wakes a part this often at most. */
const WAKE_EVERY_MS = 250;

type State = 'connecting' | 'live' | 'paused' | 'lost';

const sign = document.querySelector<HTMLElement>('#connection');
let lastHeardAt = new Date();

function show(state: State): void {
	document.body.classList.toggle('is-stale', state === 'lost');
	if (sign === null) return;
	sign.hidden = false;
	sign.dataset['state'] = state;
	const detail = sign.querySelector<HTMLElement>('[data-template]');
	if (state !== 'lost' || detail === null) return;
	const { timeZone } = sign.dataset;
	const time = lastHeardAt.toLocaleTimeString(document.documentElement.lang, {
		hourCycle: 'h23',
		...(timeZone !== undefined && { timeZone }),
	});
	detail.textContent = (detail.dataset['template'] ?? '').replace('{time}', time);
}

const waking = new Map<string, 'resting' | 'wanted'>();

/** At once, then not again within WAKE_EVERY_MS; what came meanwhile wakes once more at its end. */
function wake(name: string): void {
	if (waking.has(name)) {
		waking.set(name, 'wanted');
		return;
	}
	document.body.dispatchEvent(new CustomEvent(`parkgate:${name}`));
	waking.set(name, 'resting');
	setTimeout(() => {
		const wanted = waking.get(name) === 'wanted';
		waking.delete(name);
		if (wanted) wake(name);
	}, WAKE_EVERY_MS);
}

function onEvent({ type, data }: StreamEvent): void {
	wake(type);
	const shown: unknown = JSON.parse(data);
	const id = idIn(shown, type === 'decision' ? 'laneId' : 'id');
	if (id === undefined) return;
	if (type === 'lane' || type === 'decision') wake(`lane-${id}`);
	if (type === 'device') wake(`device-${id}`);
}

function idIn(shown: unknown, key: 'id' | 'laneId'): string | undefined {
	if (typeof shown !== 'object' || shown === null) return undefined;
	const id = Object.entries(shown).find(([name]) => name === key)?.[1];
	return typeof id === 'string' ? id : undefined;
}

let controller = new AbortController();
/** The page let go of its stream because nobody looks. */
let isPaused = false;

/** A part was sent to the sign-in and takes the page along: the others, and the stream, would begin the way there anew. */
let isLeaving = false;

document.body.addEventListener('htmx:beforeOnLoad', (event) => {
	if (!(event instanceof CustomEvent) || event.detail.xhr.status !== 401) return;
	if (isLeaving) event.preventDefault();
	isLeaving = true;
});
// Back again from the browser's memory.
window.addEventListener('pageshow', () => {
	isLeaving = false;
});

async function stayConnected(): Promise<void> {
	let retryMs = FIRST_RETRY_MS;
	for (;;) {
		controller = new AbortController();
		const end = await listen({
			url: '/api/v1/events',
			silenceMs: SILENCE_MS,
			controller,
			onOpen: () => {
				retryMs = FIRST_RETRY_MS;
				show('live');
				wake('resync');
			},
			onSign: () => {
				lastHeardAt = new Date();
			},
			onEvent,
		});
		if (end === 'signedOut') {
			if (!isLeaving) location.reload();
			return;
		}
		if (isPaused) {
			show('paused');
			await untilVisible();
			isPaused = false;
			continue;
		}
		show('lost');
		await pause(retryMs * (0.5 + Math.random()));
		retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

function untilVisible(): Promise<void> {
	return new Promise((resolve) => {
		const look = () => {
			if (document.hidden) return;
			document.removeEventListener('visibilitychange', look);
			resolve();
		};
		document.addEventListener('visibilitychange', look);
		look();
	});
}

let hiddenTimer: ReturnType<typeof setTimeout> | undefined;

document.addEventListener('visibilitychange', () => {
	clearTimeout(hiddenTimer);
	if (!document.hidden) return;
	hiddenTimer = setTimeout(() => {
		isPaused = true;
		controller.abort();
	}, HIDDEN_MS);
});

/** Rows that were not there before catch the eye for a moment. */
const seen = new Set<string>();

function markNew(isFirst: boolean): void {
	for (const row of document.querySelectorAll<HTMLElement>('[data-decision]')) {
		const id = row.dataset['decision'] ?? '';
		if (!seen.has(id) && !isFirst) row.classList.add('is-new');
		seen.add(id);
	}
}

/** A part that came back as it was stays untouched: nothing is read out again, no focus or selection is lost. */
const shownBefore = new Map<string, string>();

document.body.addEventListener('htmx:beforeSwap', (event) => {
	if (!(event instanceof CustomEvent) || !(event.target instanceof HTMLElement)) return;
	const { id } = event.target;
	if (shownBefore.get(id) === event.detail.serverResponse) event.detail.shouldSwap = false;
	else shownBefore.set(id, event.detail.serverResponse);
});
document.body.addEventListener('htmx:afterSwap', () => markNew(false));

markNew(true);
show('connecting');
void stayConnected();
