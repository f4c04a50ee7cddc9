import { pino } from 'pino';
import { escapeHidden } from './gateway/core/hidden-text.ts';
import { LIMITS } from './gateway/core/limits.ts';
import type { Log } from './gateway/core/log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The process's log; its children follow its level. */
export interface RootLog extends Log {
	setLevel(level: LogLevel): void;
	/** Its last warnings and errors as JSON lines, oldest first. */
	recentProblems(): readonly string[];
}

export interface LogOptions {
	readonly level: LogLevel;
	/** `json`: one object per line, for journald and collectors. `text`: for people at a terminal. */
	readonly format: 'json' | 'text';
	/** Takes whole lines with their line feed. */
	readonly write: (line: string) => void;
}

/** Fields that never show, wherever they stand at the first two levels. */
const SECRET_FIELDS = ['password', 'passphrase', 'key', 'token', 'secret', 'claimCode', 'authorization', 'cookie'];

/** Log lines with the time in UTC; untrusted text in fields can neither end a line nor turn the terminal's text around. */
export function createLog({ level, format, write }: LogOptions): RootLog {
	const threshold = { rank: RANKS[level] };
	const problems: string[] = [];
	const remember = (line: string) => {
		if (!/^\{"level":"(?:warn|error)"/.test(line)) return;
		problems.push(escapeHidden(line.trimEnd()).slice(0, LIMITS.recentProblemLength));
		if (problems.length > LIMITS.recentProblems) problems.shift();
	};
	const root = pino(
		{
			level: 'debug',
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
			serializers: { error: pino.stdSerializers.err },
			redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[not shown]' },
		},
		{
			write(line) {
				remember(line);
				write(`${escapeHidden(format === 'json' ? line.trimEnd() : textLine(line))}\n`);
			},
		},
	);
	return {
		...asLog(root, threshold),
		setLevel(next) {
			threshold.rank = RANKS[next];
		},
		recentProblems: () => [...problems],
	};
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** The level is asked at each line, so that a change reaches every child. */
function asLog(logger: pino.Logger, threshold: { readonly rank: number }): Log {
	const at = (level: LogLevel) => (fields: object, message: string) => {
		if (RANKS[level] >= threshold.rank) logger[level](fields, message);
	};
	return {
		debug: at('debug'),
		info: at('info'),
		warn: at('warn'),
		error: at('error'),
		child: (fields) => asLog(logger.child(fields), threshold),
	};
}

/** `07:41:12.345 warn  device offline device=reader-1 problem="port lost"` */
function textLine(line: string): string {
	const { level, time, msg, ...fields } = JSON.parse(line);
	const pairs = Object.entries(fields).map(([name, value]) => {
		const text = typeof value === 'string' && /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
		return ` ${name}=${text}`;
	});
	return `${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${msg}${pairs.join('')}`;
}
