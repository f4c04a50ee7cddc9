/** Structured log line: fields first, then a constant message. pino fits it; untrusted text goes only into fields, never into the message. */
export interface Log {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
	child(fields: object): Log;
}
