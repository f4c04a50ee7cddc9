import type { Log } from '../../src/gateway/core/log.ts';

export interface LogLine {
	readonly level: 'debug' | 'info' | 'warn' | 'error';
	readonly fields: object;
	readonly message: string;
}

/** Keeps what was logged, for tests that read it or want silence. */
export interface MemoryLog extends Log {
	readonly lines: LogLine[];
}

export function createMemoryLog(): MemoryLog {
	const lines: LogLine[] = [];
	const create = (bound: object): MemoryLog => {
		const line = (level: LogLine['level']) => (fields: object, message: string) => {
			lines.push({ level, fields: { ...bound, ...fields }, message });
		};
		return {
			lines,
			debug: line('debug'),
			info: line('info'),
			warn: line('warn'),
			error: line('error'),
			child: (fields) => create({ ...bound, ...fields }),
		};
	};
	return create({});
}
