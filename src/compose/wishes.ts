/** `anew`: start the gateway anew in this process, with what is to run then. `restart`: end it, to be started again. */
export type Wish = 'anew' | 'restart';

/** What the gateway asks of its process; kept while it starts or stops. */
export interface Wishes {
	ask(wish: Wish): void;
	/** Aborts with the next wish. */
	signal(): AbortSignal;
	/** undefined: none was asked for. */
	take(): Wish | undefined;
}

export function createWishes(): Wishes {
	let asked: Wish | undefined;
	let told = new AbortController();
	return {
		ask(wish) {
			asked = asked === 'restart' ? asked : wish;
			told.abort();
		},
		signal: () => told.signal,
		take() {
			const wish = asked;
			asked = undefined;
			told = new AbortController();
			return wish;
		},
	};
}
