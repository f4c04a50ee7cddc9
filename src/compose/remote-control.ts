import { randomUUIDv7 } from 'node:crypto';
import type { ConfigurationEvent } from '../gateway/core/configuration/configuration-state.ts';
import type { ConfigurationView } from '../gateway/services/configuration/configuration-view.ts';
import { createConfigurationJournal } from '../gateway/services/configuration/journal-configuration.ts';
import { createRemoteCommands, type RemoteCommands } from '../gateway/services/remote-commands.ts';
import { createRemoteActs, settleTrials } from '../gateway/services/remote-gateway-commands.ts';
import type { Body } from '../sync/envelope.ts';

/** What central may have this gateway do, and what the journal and central hear of its configuration. */
export interface RemoteControl {
	readonly commands: RemoteCommands;
	readonly configurationOfBirth: () => Body<'birth'>['configuration'];
	readonly onHistory: (history: readonly ConfigurationEvent[]) => void;
}

type CommandsDeps = Omit<Parameters<typeof createRemoteCommands>[0], 'acts' | 'newId'> &
	Omit<Parameters<typeof createConfigurationJournal>[0], 'newId'>;

export function wireRemoteControl(deps: CommandsDeps & Parameters<typeof createRemoteActs>[0]): RemoteControl {
	const newId = randomUUIDv7;
	const commands = createRemoteCommands({ ...deps, newId, acts: createRemoteActs(deps) });
	const journal = createConfigurationJournal({ ...deps, newId });
	return {
		commands,
		configurationOfBirth: () => birthOf(deps.configuration.view()),
		onHistory(history) {
			journal(history);
			settleTrials(commands, history);
		},
	};
}

function birthOf({ runs, file, trial }: ConfigurationView): Body<'birth'>['configuration'] {
	return {
		version: runs ?? file,
		source: runs === null ? 'file' : 'version',
		trial: trial && { target: trial.version ?? 'file', commandId: trial.commandId },
	};
}
