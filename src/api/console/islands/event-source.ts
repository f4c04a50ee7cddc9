/** One server-sent event (WHATWG HTML 9.2) of our own server: `event` and one `data` line. */
export interface StreamEvent {
	readonly type: string;
	readonly data: string;
}

export type StreamEnd = 'closed' | 'signedOut' | 'refused';

interface ListenDeps {
	readonly url: string;
	/** Longest silence: the server sends a comment more often than this. */
	readonly silenceMs: number;
	readonly signal: AbortSignal;
	onOpen(): void;
	/** Anything arrived, a heartbeat too. */
	onSign(): void;
	onEvent(event: StreamEvent): void;
}

/**
 * Reads an event stream until it ends. Unlike EventSource it sees the heartbeats (so that a dead line is
 * noticed) and the status (so that a login that ended is not tried again for ever).
 */
export async function listen({ url, silenceMs, signal, onOpen, onSign, onEvent }: ListenDeps): Promise<StreamEnd> {
	const silence = new AbortController();
	let timer = setTimeout(() => silence.abort(), silenceMs);
	const heard = () => {
		clearTimeout(timer);
		timer = setTimeout(() => silence.abort(), silenceMs);
		onSign();
	};
	try {
		const response = await fetch(url, {
			headers: { accept: 'text/event-stream' },
			cache: 'no-store',
			signal: AbortSignal.any([signal, silence.signal]),
		});
		if (response.status === 401) return 'signedOut';
		if (!response.ok || response.body === null) return 'refused';
		onOpen();
		let rest = '';
		for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
			heard();
			const blocks = (rest + text).split('\n\n');
			rest = blocks.pop() ?? '';
			for (const block of blocks) {
				const event = parseBlock(block);
				if (event !== undefined) onEvent(event);
			}
		}
		return 'closed';
	} catch {
		// A network that failed, a silence too long, or the page that leaves: all the same end.
		return 'closed';
	} finally {
		clearTimeout(timer);
	}
}

function parseBlock(block: string): StreamEvent | undefined {
	let type = 'message';
	const data: string[] = [];
	for (const line of block.split('\n')) {
		if (line.startsWith('event:')) type = line.slice(6).trim();
		else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
	}
	return data.length === 0 ? undefined : { type, data: data.join('\n') };
}
