/** One server-sent event (WHATWG HTML 9.2) of our own server. */
export interface StreamEvent {
	readonly type: string;
	readonly data: string;
}

/** `signedOut`: the login ended, trying again is of no use. `refused`: the server is there and says no. */
export type StreamEnd = 'closed' | 'signedOut' | 'refused';

interface Listening {
	readonly url: string;
	/** Longest silence before the line counts as dead: the server sends a comment more often than this. */
	readonly silenceMs: number;
	/** Aborting it ends the stream; so does a silence. */
	readonly controller: AbortController;
	onOpen(): void;
	/** Anything arrived, a heartbeat too. */
	onSign(): void;
	onEvent(event: StreamEvent): void;
}

/**
 * Reads an event stream until it ends. Unlike EventSource it sees the heartbeats, so that a dead line is
 * noticed, and the status, so that a login that ended is not tried again for ever.
 */
export async function listen({ url, silenceMs, controller, onOpen, onSign, onEvent }: Listening): Promise<StreamEnd> {
	let timer = setTimeout(() => controller.abort(), silenceMs);
	try {
		const headers = { accept: 'text/event-stream' };
		const response = await fetch(url, { headers, cache: 'no-store', signal: controller.signal });
		if (response.status === 401) return 'signedOut';
		if (!response.ok || response.body === null) return 'refused';
		onOpen();
		const reader = response.body.getReader();
		const decoder = new TextDecoder();
		let rest = '';
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return 'closed';
			clearTimeout(timer);
			timer = setTimeout(() => controller.abort(), silenceMs);
			onSign();
			const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
			rest = blocks.pop() ?? '';
			for (const block of blocks) {
				const event = parseBlock(block);
				if (event !== undefined) onEvent(event);
			}
		}
	} catch {
		// A network that failed, a silence too long, a page that lets go: all the same end.
		return 'closed';
	} finally {
		clearTimeout(timer);
	}
}

/** undefined: a comment. */
function parseBlock(block: string): StreamEvent | undefined {
	let type = 'message';
	const data: string[] = [];
	for (const line of block.split('\n')) {
		if (line.startsWith('event:')) type = line.slice(6).trim();
		else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
	}
	return data.length === 0 ? undefined : { type, data: data.join('\n') };
}
