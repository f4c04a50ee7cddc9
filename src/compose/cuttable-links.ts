import type { Link, OpenLink } from '../sync/link.ts';

/** Links that can all be lost at once, as when the way to the broker breaks. */
export function cuttable(openLink: OpenLink): { readonly openLink: OpenLink; cutAll(): void } {
	const cuts = new Set<() => void>();
	return {
		openLink(options, events) {
			let link: Link | undefined;
			let isOver = false;
			const end = () => {
				isOver = true;
				cuts.delete(cut);
			};
			const cut = () => {
				end();
				void link?.close();
				events.onDown({ kind: 'lost', text: 'The simulated line was cut.' });
			};
			cuts.add(cut);
			link = openLink(options, {
				onUp: (abilities) => {
					if (!isOver) events.onUp(abilities);
				},
				onDown(problem) {
					if (isOver) return;
					end();
					events.onDown(problem);
				},
				onMessage: (message) => (isOver ? undefined : events.onMessage(message)),
			});
			const opened = link;
			return {
				...opened,
				close() {
					end();
					return opened.close();
				},
			};
		},
		cutAll() {
			for (const cut of [...cuts]) cut();
		},
	};
}
