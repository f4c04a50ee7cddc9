/** Lists whose rows are ticked: how many are, and all of a page at once. Without scripts each is ticked by itself. */

const TICKS = '.row-table tbody input[type=checkbox]';

function ticksOf(form: Element): readonly HTMLInputElement[] {
	return [...form.querySelectorAll<HTMLInputElement>(TICKS)];
}

function show(form: Element): void {
	const ticks = ticksOf(form);
	const ticked = ticks.filter(({ checked }) => checked).length;
	const count = form.querySelector<HTMLElement>('[data-selected]');
	if (count !== null) count.textContent = (count.dataset['selected'] ?? '').replace('{count}', String(ticked));
	const all = form.querySelector<HTMLElement>('[data-selects-all]');
	const box = all?.querySelector('input');
	if (!all || !box) return;
	all.hidden = false;
	box.checked = ticked > 0 && ticked === ticks.length;
	box.indeterminate = ticked > 0 && ticked < ticks.length;
}

function showAll(): void {
	for (const form of document.querySelectorAll('form.rows')) show(form);
}

document.addEventListener('change', (event) => {
	if (!(event.target instanceof HTMLInputElement)) return;
	const form = event.target.closest('form.rows');
	if (form === null) return;
	if (event.target.closest('[data-selects-all]') !== null) {
		for (const tick of ticksOf(form)) tick.checked = event.target.checked;
	}
	show(form);
});
document.body.addEventListener('htmx:afterSwap', showAll);
// A page that the browser brings back brings its ticks back too.
window.addEventListener('pageshow', showAll);
showAll();
