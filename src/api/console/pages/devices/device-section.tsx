import type { Child } from 'hono/jsx';

/** One card of a device's page. */
export function DeviceSection({ title, id, children }: { title: string; id: string; children?: Child }) {
	return (
		<section class="card" aria-labelledby={id}>
			<h2 class="card__title" id={id}>
				{title}
			</h2>
			{children}
		</section>
	);
}
