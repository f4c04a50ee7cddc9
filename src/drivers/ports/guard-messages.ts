/** What is said to the guard, a line each: `arm 7 1:1 500 A00100A1`, `release 1:1`. */
export type GuardCommand =
	| {
			readonly type: 'arm';
			/** Answered by `armed` with the same number. */
			readonly number: number;
			readonly key: string;
			readonly endsInMs: number;
			readonly off: Uint8Array;
	  }
	| { readonly type: 'release'; readonly key: string };

/** What it says: `ready`, `armed 7`, `ended 1:1`. */
export type GuardMessage =
	| { readonly type: 'ready' }
	| { readonly type: 'armed'; readonly number: number }
	| { readonly type: 'ended'; readonly key: string };

/** A line that never ends is no command; the longest has some 40 characters. */
const LONGEST_LINE = 1_024;

export function encodeGuardCommand(command: GuardCommand): string {
	if (command.type === 'release') return `release ${command.key}\n`;
	const { number, key, endsInMs, off } = command;
	return `arm ${number} ${key} ${Math.ceil(endsInMs)} ${off.toHex()}\n`;
}

export function encodeGuardMessage(message: GuardMessage): string {
	if (message.type === 'ready') return 'ready\n';
	return message.type === 'armed' ? `armed ${message.number}\n` : `ended ${message.key}\n`;
}

/** Undefined for a line that is no command. */
export function parseGuardCommand(line: string): GuardCommand | undefined {
	const armed = /^arm (\d{1,15}) (\S{1,64}) (\d{1,5}) ((?:[0-9a-f]{2}){1,64})$/.exec(line);
	if (armed !== null) {
		const [, number, key = '', endsInMs, off = ''] = armed;
		return { type: 'arm', number: Number(number), key, endsInMs: Number(endsInMs), off: Uint8Array.fromHex(off) };
	}
	const released = /^release (\S{1,64})$/.exec(line);
	return released === null ? undefined : { type: 'release', key: released[1] ?? '' };
}

export function parseGuardMessage(line: string): GuardMessage | undefined {
	const [word, detail = ''] = line.split(' ');
	if (word === 'ready') return { type: 'ready' };
	if (word === 'armed' && /^\d{1,15}$/.test(detail)) return { type: 'armed', number: Number(detail) };
	return word === 'ended' && detail !== '' ? { type: 'ended', key: detail } : undefined;
}

/** Cuts a stream of text into its lines, bounded. */
export function createLineSplitter(onLine: (line: string) => void): (text: string) => void {
	let rest = '';
	return (text) => {
		const lines = (rest + text).split('\n');
		rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
		for (const line of lines) onLine(line);
	};
}
