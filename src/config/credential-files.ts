import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LIMITS } from '../gateway/core/limits.ts';
import type { FileAnswer, ReadSecret } from './secrets.ts';

/**
 * Reads secrets from systemd's credentials directory, else from `credentials/` beside the
 * configuration file, where only the owner may read them.
 * @param systemDirectory value of $CREDENTIALS_DIRECTORY
 */
export function createSecretReader(configFile: string, systemDirectory: string | undefined): ReadSecret {
	const ownDirectory = path.join(path.dirname(path.resolve(configFile)), 'credentials');
	return (name) => {
		if (systemDirectory !== undefined && systemDirectory !== '') {
			const answer = readBounded(path.join(systemDirectory, name), { ownerOnly: false });
			if (answer !== undefined) return answer;
		}
		const file = path.join(ownDirectory, name);
		return readBounded(file, { ownerOnly: true }) ?? missing(name, file);
	};
}

/** Reads a PEM file that the configuration names; a private key only when nobody else can. */
export function readPemFile(file: string, options: { ownerOnly: boolean }): FileAnswer {
	return (
		readBounded(file, options) ?? {
			result: 'refused',
			found: `no file ${file}`,
			expected: 'a PEM file',
			fix: 'Give the file name from the root, or relative to the configuration file',
		}
	);
}

/** undefined: there is no such file. */
function readBounded(file: string, options: { ownerOnly: boolean }): FileAnswer | undefined {
	let descriptor: number;
	try {
		descriptor = openSync(file, 'r');
	} catch (error) {
		const code = errorCode(error);
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
		return {
			result: 'refused',
			found: `${file}, which cannot be read (${code})`,
			expected: 'a file that this user may read',
			fix: `Make the user that runs parkgate its owner: chown USER ${shellWord(file)}`,
		};
	}
	try {
		const status = fstatSync(descriptor);
		if (!status.isFile() || status.size > LIMITS.credentialBytes)
			return {
				result: 'refused',
				found: status.isFile() ? `${file} with ${status.size} bytes` : `${file}, which is no file`,
				expected: `a file of at most ${LIMITS.credentialBytes} bytes`,
				fix: 'Put only the secret into it',
			};
		const mode = status.mode & 0o777;
		if (options.ownerOnly && (mode & 0o177) !== 0)
			return {
				result: 'refused',
				found: `${file} with mode ${mode.toString(8).padStart(4, '0')}`,
				expected: 'a file that only its owner can read (mode 0600 or 0400)',
				fix: `Run: chmod 0600 ${shellWord(file)}`,
			};
		return { result: 'read', text: readFileSync(descriptor, 'utf8').replace(/\r?\n$/, '') };
	} finally {
		closeSync(descriptor);
	}
}

function missing(name: string, file: string): FileAnswer {
	return {
		result: 'refused',
		found: `no credential ${name}`,
		expected: `LoadCredential=${name}:… in the systemd unit, or the file ${file}`,
		fix: `Run: install -D -m 0600 /dev/stdin ${shellWord(file)}, type the secret and end with Ctrl-D`,
	};
}

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function shellWord(text: string): string {
	return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
