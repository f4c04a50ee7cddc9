import { readdir, readFile } from 'node:fs/promises';

/** One line of an untrusted device's text; undefined: no such file. */
export async function readText(file: string): Promise<string | undefined> {
	const text = await orUndefined(readFile(file, 'utf8'));
	return text
		?.replaceAll(/\p{Cc}/gu, '')
		.trim()
		.slice(0, 126);
}

export async function listOf(directory: string): Promise<string[]> {
	return (await orUndefined(readdir(directory))) ?? [];
}

/** Devices come and go while they are listed: what cannot be read is not there. */
export async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
	try {
		return await reading;
	} catch {
		return undefined;
	}
}

/** `hidraw2` before `hidraw10`. */
export function byNumber(a: string, b: string): number {
	return a.localeCompare(b, 'en', { numeric: true });
}
