/** What small controls need on every page: menus that close, passwords that can be looked at, the dialog. */

for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu]')) {
	document.addEventListener('click', (event) => {
		if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
	});
	menu.addEventListener('keydown', (event) => {
		if (event.key !== 'Escape' || !menu.open) return;
		menu.open = false;
		menu.querySelector('summary')?.focus();
	});
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-reveals-password]')) {
	const input = button.parentElement?.querySelector('input');
	button.hidden = false;
	button.addEventListener('click', () => {
		if (!input) return;
		const show = input.type === 'password';
		input.type = show ? 'text' : 'password';
		button.setAttribute('aria-pressed', String(show));
	});
}

for (const event of ['DOMContentLoaded', 'htmx:afterSwap']) document.addEventListener(event, showPrinters);
document.addEventListener('click', (event) => {
	if (event.target instanceof Element && event.target.closest('[data-prints]') !== null) window.print();
});

/** Printing needs a script: without one the browser's own menu prints. */
function showPrinters(): void {
	for (const button of document.querySelectorAll<HTMLElement>('[data-prints]')) button.hidden = false;
}

const dialog = document.querySelector<HTMLDialogElement>('#dialog');
const dialogBody = document.querySelector('#dialog-body');

if (dialog !== null && dialogBody !== null) {
	// htmx fills the dialog; it opens once there is something to see, and moves the focus to its `autofocus`.
	document.body.addEventListener('htmx:afterSwap', (event) => {
		if (event.target !== dialogBody) return;
		if (!dialog.open) dialog.showModal();
		else dialogBody.querySelector<HTMLElement>('[autofocus]')?.focus();
	});
	dialog.addEventListener('click', (event) => {
		const filler = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-fills]') : null;
		if (filler !== null) fill(filler.dataset);
	});
	dialog.addEventListener('click', (event) => {
		const closer = event.target instanceof Element ? event.target.closest('[data-closes-dialog]') : null;
		if (closer === null && event.target !== dialog) return;
		event.preventDefault();
		dialog.close();
	});
	dialog.addEventListener('close', () => {
		sendOnClose(dialogBody);
		dialogBody.replaceChildren();
	});
}

/** What was found in the dialog goes into fields of the page behind it. */
function fill({ fills, fill: value, fillsLabel, fillLabel, fillsKind, fillKind }: DOMStringMap): void {
	if (fillsKind) choose(fillsKind, fillKind ?? '');
	for (const [id, text] of [
		[fills, value],
		[fillsLabel, fillLabel],
	]) {
		const input = id === undefined || id === '' ? null : document.getElementById(id);
		if (!(input instanceof HTMLInputElement)) continue;
		input.value = text ?? '';
		input.dispatchEvent(new Event('input', { bubbles: true }));
		if (input.type !== 'hidden') input.focus();
	}
}

/** Of a choice side by side. */
function choose(name: string, value: string): void {
	for (const option of document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${CSS.escape(name)}"]`)) {
		if (option.value !== value) continue;
		option.checked = true;
		option.dispatchEvent(new Event('change', { bubbles: true }));
	}
}

/** A dialog that is closed half-way lets go of what it waits for. */
function sendOnClose(within: Element): void {
	const form = within.querySelector<HTMLFormElement>('form[data-sent-on-close]');
	if (form === null) return;
	const body = new URLSearchParams();
	for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
	// Nobody is left to be told.
	fetch(form.action, { method: 'POST', body, keepalive: true }).catch(() => undefined);
}

/** Says that the page is open, so that nobody closes its login meanwhile; one that has ended leads to the sign-in. */
const HERE_MS = 20_000;

function sayHere(): void {
	// A gateway that is not reached for now is told by the connection's own sign.
	fetch('/live/here', { headers: { 'HX-Request': 'true' } }).then(
		(answer) => {
			if (answer.status === 401) location.reload();
		},
		() => undefined,
	);
}

if (document.body.dataset['signedIn'] !== undefined) {
	sayHere();
	setInterval(sayHere, HERE_MS);
}
