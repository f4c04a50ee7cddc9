import type { CliHandlers } from '../api/cli/handlers.ts';
import { maskSecrets } from '../config/mask-secrets.ts';
import { type ConfigurationState, versionInForce } from '../gateway/core/configuration/configuration-state.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { lineDiff } from '../gateway/core/line-diff.ts';
import {
	type ConfigurationFiles,
	configurationVersion,
	createConfigurationFiles,
} from '../gateway/store/configuration-files.ts';
import { requireFileWithoutSecrets } from './configuration.ts';

/** Versions of the configuration beside the running gateway: they are read, never changed. */
export const configurationCommands: Pick<CliHandlers, 'showConfig' | 'diffConfig' | 'configHistory'> = {
	showConfig({ configFile, version: asked }) {
		const opened = openVersions(configFile);
		const version = asked === undefined ? opened.runs : versionNamed(asked, opened);
		return Promise.resolve({ version, text: shown(version, opened) });
	},

	diffConfig({ configFile, version: asked }) {
		const opened = openVersions(configFile);
		const version = asked === undefined ? opened.runs : versionNamed(asked, opened);
		return Promise.resolve({ version, lines: lineDiff(shown(null, opened), shown(version, opened)) });
	},

	configHistory({ configFile }) {
		const { state, file, runs } = openVersions(configFile);
		const { versions, history, trial } = state;
		return Promise.resolve({ file, runs, trial, versions, history: history.toReversed() });
	},
};

interface Opened {
	readonly files: ConfigurationFiles;
	readonly state: ConfigurationState;
	readonly text: string;
	/** Version of gateway.yaml. */
	readonly file: string;
	/** null: the file. */
	readonly runs: string | null;
}

function openVersions(configFile: string): Opened {
	const { text, config } = requireFileWithoutSecrets(configFile);
	const files = createConfigurationFiles(config.store.dir);
	const state = files.read();
	const file = configurationVersion(text);
	return { files, state, text, file, runs: state.trial === null ? versionInForce(state, file) : state.trial.version };
}

/** By its first characters, as the history shows them. */
function versionNamed(start: string, { state, file }: Opened): string | null {
	if (start === 'file' || file.startsWith(start)) return null;
	const found = state.versions.filter(({ version }) => version.startsWith(start));
	const [only, ...others] = found;
	if (only !== undefined && others.length === 0) return only.version;
	throw new GatewayError(
		'NOT_FOUND',
		found.length === 0
			? `There is no version ${start}; \`parkgate config history\` lists them.`
			: `Several versions begin with ${start}: ${found.map(({ version }) => version).join(', ')}.`,
	);
}

function shown(version: string | null, { files, text }: Opened): string {
	return maskSecrets(version === null ? text : files.text(version));
}
