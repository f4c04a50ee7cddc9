import { hash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
	type ConfigurationState,
	configurationStateSchema,
	NO_VERSIONS,
} from '../core/configuration/configuration-state.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { makeStoreDir } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

/**
 * Versions of the configuration beside the operator's gateway.yaml, in files of their own: they are asked for before
 * the database is opened. `state.json` says which runs; texts stand under their versions and never change.
 */
export interface ConfigurationFiles {
	/** Throws STORE_CORRUPT for a state that is none. */
	read(): ConfigurationState;
	/** On the disk when it returns; texts that no version needs any more are removed. Throws STORE_*. */
	write(state: ConfigurationState): void;
	/** Throws NOT_FOUND for a version that is not kept, STORE_CORRUPT for a text that is not its own. */
	text(version: string): string;
	/** @returns its version. Throws STORE_*. */
	keepText(text: string): string;
}

const STATE_FILE = 'state.json';
const TEXT_FILE = /^([0-9a-f]{64})\.yaml$/;

/** Name of the version with this text. */
export function configurationVersion(text: string): string {
	return hash('sha256', text, 'hex');
}

/** Reads without making anything; the directory is made with the first version. */
export function createConfigurationFiles(storeDir: string): ConfigurationFiles {
	const dir = path.join(storeDir, 'configuration');
	const stateFile = path.join(dir, STATE_FILE);
	const textFile = (version: string) => path.join(dir, `${version}.yaml`);

	function guarded<T>(file: string, work: () => T): T {
		try {
			return work();
		} catch (error) {
			throw storeFailure(error, file);
		}
	}

	function removeUnused({ applied, trial, versions }: ConfigurationState): void {
		const used = new Set([applied?.version, trial?.version, ...versions.map(({ version }) => version)]);
		for (const name of readdirSync(dir)) {
			const version = TEXT_FILE.exec(name)?.[1];
			if (version !== undefined && !used.has(version)) rmSync(path.join(dir, name), { force: true });
		}
	}

	return {
		read() {
			const text = guarded(stateFile, () => readIfThere(stateFile));
			if (text === undefined) return NO_VERSIONS;
			const parsed = configurationStateSchema.safeParse(parseJson(text));
			if (parsed.success) return parsed.data;
			throw new GatewayError(
				'STORE_CORRUPT',
				`${stateFile}: this does not say which version of the configuration runs; remove the file to run gateway.yaml`,
			);
		},
		write(state) {
			guarded(stateFile, () => {
				makeStoreDir(dir);
				writeFileAtomically(stateFile, `${JSON.stringify(state, null, '\t')}\n`);
				removeUnused(state);
			});
		},
		text(version) {
			const file = textFile(version);
			const text = guarded(file, () => readIfThere(file));
			if (text === undefined)
				throw new GatewayError('NOT_FOUND', `There is no version ${version} of the configuration.`);
			if (configurationVersion(text) === version) return text;
			throw new GatewayError('STORE_CORRUPT', `${file}: the text was changed; propose it anew as a version of its own`);
		},
		keepText(text) {
			const version = configurationVersion(text);
			const file = textFile(version);
			guarded(file, () => {
				makeStoreDir(dir);
				writeFileAtomically(file, text);
			});
			return version;
		},
	};
}

function readIfThere(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		throw error;
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
