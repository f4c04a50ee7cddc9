import type { IncomingMessage, Link, LinkProblem, OpenLink } from './link.ts';

/** How an attempt to connect ended. */
export type Attempt = { readonly result: 'up' } | { readonly result: 'down'; readonly problem: LinkProblem };

/** Links as they are, with somebody who looks on: the connection test asks over the site's own link. */
export interface WatchedLinks {
	readonly openLink: OpenLink;
	/** The link that is up; undefined: none is. */
	current(): Link | undefined;
	/** Settles when a link comes up or an attempt fails. */
	next(): Promise<Attempt>;
	/** `take` returns whether a message was for it alone. Ends by the returned function. */
	listen(take: (message: IncomingMessage) => boolean): () => void;
}

export function watchLinks(openLink: OpenLink): WatchedLinks {
	let current: Link | undefined;
	let waiting: ((attempt: Attempt) => void)[] = [];
	const listeners = new Set<(message: IncomingMessage) => boolean>();

	function settle(attempt: Attempt): void {
		const settled = waiting;
		waiting = [];
		for (const resolve of settled) resolve(attempt);
	}

	return {
		openLink(options, events) {
			const link = openLink(options, {
				onUp(abilities) {
					current = watched;
					events.onUp(abilities);
					settle({ result: 'up' });
				},
				onDown(problem) {
					if (current === watched) current = undefined;
					events.onDown(problem);
					settle({ result: 'down', problem });
				},
				onMessage(message) {
					const isTaken = [...listeners].map((take) => take(message)).some((taken) => taken);
					return isTaken ? undefined : events.onMessage(message);
				},
			});
			const watched: Link = {
				...link,
				close() {
					if (current === watched) current = undefined;
					return link.close();
				},
			};
			return watched;
		},
		current: () => current,
		next: () => new Promise((resolve) => waiting.push(resolve)),
		listen(take) {
			listeners.add(take);
			return () => void listeners.delete(take);
		},
	};
}
