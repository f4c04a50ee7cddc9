import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { LineSettings } from './port.ts';

type SerialBinding = (typeof SerialPort)['binding'];

/** An open tty as serialport's binding gives it, without the stream around it. */
export type Tty = Awaited<ReturnType<SerialBinding['open']>>;

/**
 * Opens a tty for us alone. Rejects with GatewayError PORT_UNAVAILABLE (`cause.code` is `ENOENT` while
 * nothing is plugged in), PORT_BUSY or SYSTEM_PART_MISSING.
 */
export async function openTty(path: string, line: LineSettings): Promise<Tty> {
	await checkPath(path);
	const binding = await loadSerialBinding();
	try {
		const tty = await binding.open({
			path,
			baudRate: line.baud,
			dataBits: 8,
			parity: line.parity ?? 'none',
			stopBits: line.stopBits ?? 1,
			lock: true,
		});
		keepPromisesMoving(tty);
		return tty;
	} catch (error) {
		throw explainOpenFailure(path, error);
	}
}

/** What stands at the path now: differs once another device took its place; undefined: nothing. */
export async function identifyPath(path: string): Promise<string | undefined> {
	try {
		const { dev, ino, rdev } = await stat(path);
		return `${dev}:${ino}:${rdev}`;
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return undefined;
		throw error;
	}
}

async function checkPath(path: string): Promise<void> {
	try {
		const found = await stat(path);
		if (!found.isCharacterDevice())
			throw new GatewayError('PORT_UNAVAILABLE', `${path} is no serial port; see: parkgate devices list`);
		await access(path, constants.R_OK | constants.W_OK);
	} catch (error) {
		throw error instanceof GatewayError ? error : explainPathFailure(path, error);
	}
}

function explainPathFailure(path: string, error: unknown): GatewayError {
	switch (errorCode(error)) {
		case 'ENOENT':
		case 'ENOTDIR':
			return new GatewayError('PORT_UNAVAILABLE', `nothing is plugged in at ${path}`, { cause: error });
		case 'EACCES':
		case 'EPERM':
			return permissionDenied(path, error);
		default:
			return new GatewayError('PORT_UNAVAILABLE', `${path} cannot be reached: ${messageOf(error)}`, { cause: error });
	}
}

/** serialport's errors carry words only, no codes. */
function explainOpenFailure(path: string, error: unknown): GatewayError {
	const message = messageOf(error);
	if (/permission denied/i.test(message)) return permissionDenied(path, error);
	if (/cannot lock|busy/i.test(message))
		return new GatewayError(
			'PORT_BUSY',
			`${path} is in use by another program, such as a second Parkgate or ModemManager; find it with: fuser -v ${path}`,
			{ cause: error },
		);
	return new GatewayError('PORT_UNAVAILABLE', `${path} does not open: ${message.replace(/^Error:? /, '')}`, {
		cause: error,
	});
}

function permissionDenied(path: string, cause: unknown): GatewayError {
	return new GatewayError(
		'PORT_UNAVAILABLE',
		`no permission for ${path}; add the user that runs Parkgate to the group dialout and start it again`,
		{ cause },
	);
}

/** Loaded at the first real port: a site of simulated devices needs none of its native parts. */
export async function loadSerialBinding(): Promise<SerialBinding> {
	try {
		// A CommonJS package: its names are found only by default once it is bundled.
		const { default: serialport } = await import('serialport');
		return serialport.SerialPort.binding;
	} catch (cause) {
		throw new GatewayError(
			'SYSTEM_PART_MISSING',
			`serial ports cannot be used, a system library is missing (on Debian: apt install libstdc++6): ${messageOf(cause)}`,
			{ cause },
		);
	}
}

/**
 * serialport 13 calls back from native code without running promise jobs, so that on Node 26.4 and
 * later bytes wait for the next timer (serialport/bindings-cpp#239); an immediate runs them at once.
 */
function keepPromisesMoving(tty: Tty): void {
	if (!('poller' in tty)) return;
	const run = () => {
		setImmediate(() => undefined);
	};
	tty.poller.on('readable', run);
	tty.poller.on('writable', run);
}

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
