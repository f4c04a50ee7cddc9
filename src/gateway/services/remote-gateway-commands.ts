import { changeInWords } from '../core/configuration/configuration-change.ts';
import type { AskedBy, ConfigurationEvent } from '../core/configuration/configuration-state.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { configurationVersion } from '../store/configuration-files.ts';
import type { ConfigurationVersions, GatewayHealth, KeepAnswer } from './configuration/configuration-view.ts';
import type { SiteConfiguration } from './configuration/site-configuration.ts';
import type { Lanes } from './lanes/lane-view.ts';
import type { ActAnswer, ConfigurationCommand, RemoteActs, RemoteCommands, RemoteOutcome } from './remote-commands.ts';
import { actOnLane } from './remote-lane-commands.ts';

export interface RemoteActsDeps {
	readonly lanes: Pick<Lanes, 'get' | 'vend' | 'changeMode'>;
	readonly configuration: ConfigurationVersions & Pick<SiteConfiguration, 'outcomeOf'>;
	readonly health: () => GatewayHealth;
	/** Ends the gateway cleanly; a supervisor or the process itself starts it again. */
	readonly restart: () => void;
	/** A report without secrets, as JSON. */
	readonly diagnose: () => Promise<string>;
}

/** What `target` says in the place of a version: gateway.yaml on the machine. */
const FILE_TARGET = 'file';

/** Everything that central may have a site do. */
export function createRemoteActs(deps: RemoteActsDeps): RemoteActs {
	const { configuration } = deps;
	let isDiagnosing = false;

	async function diagnose(): Promise<ActAnswer> {
		if (isDiagnosing) return { outcome: 'refused', because: 'another one is being made' };
		isDiagnosing = true;
		try {
			return { outcome: 'done', because: null, report: await deps.diagnose() };
		} finally {
			isDiagnosing = false;
		}
	}

	function restart(force: boolean): ActAnswer {
		const { fire, disturbed } = deps.health();
		const refused = (because: string): ActAnswer => ({ outcome: 'refused', because });
		if (configuration.view().trial !== null) return refused('a configuration is on trial');
		if (fire.length > 0) return refused(`the fire input of ${fire.join(', ')} is active`);
		if (disturbed.length > 0 && !force) return refused(disturbed.join('; '));
		return { end: deps.restart };
	}

	return {
		act(command, actUntilMs) {
			switch (command.op) {
				case 'vend':
				case 'hold':
				case 'close':
				case 'lockdown':
				case 'release':
					return actOnLane(deps.lanes, command, actUntilMs);
				case 'configPropose':
				case 'configApply':
				case 'configKeep':
				case 'configRevert':
					return prepared(configuration, command).then(() => withoutStore(() => configure(configuration, command)));
				case 'restart':
					return Promise.resolve(restart(command.force));
				case 'diagnostics':
					return diagnose();
			}
		},
		afterStop({ id, op }) {
			if (op !== 'configApply') return undefined;
			const found = configuration.outcomeOf(id);
			if (found === 'onTrial') return 'later';
			return found === undefined ? NEVER_TRIED : trialOutcome(found);
		},
	};
}

const NEVER_TRIED: RemoteOutcome = { outcome: 'failed', because: 'the gateway stopped before it was tried' };

/** Central's commands to apply are answered when their trials are over. */
export function settleTrials(commands: Pick<RemoteCommands, 'settle'>, history: readonly ConfigurationEvent[]): void {
	for (const event of history) {
		const isEnd = event.what === 'kept' || event.what === 'reverted';
		if (isEnd && event.commandId !== null) commands.settle(event.commandId, trialOutcome(event));
	}
}

function trialOutcome({ what, because }: ConfigurationEvent): RemoteOutcome {
	return what === 'kept' ? { outcome: 'done', because: null } : { outcome: 'failed', because: `reverted: ${because}` };
}

async function prepared(configuration: ConfigurationVersions, command: ConfigurationCommand): Promise<void> {
	if (command.op === 'configPropose') await configuration.prepare({ text: command.text });
	if (command.op === 'configApply') await configuration.prepare({ version: versionOf(command.target) });
}

function versionOf(target: string): string | null {
	return target === FILE_TARGET ? null : target;
}

function configure(configuration: ConfigurationVersions, command: ConfigurationCommand): ActAnswer {
	const { target } = command;
	const version = versionOf(target);
	switch (command.op) {
		case 'configPropose':
			return propose(configuration, command);
		case 'configApply': {
			const { withinS, force } = command;
			const answer = configuration.apply({ version, withinMs: withinS * 1_000, force, asked: askedBy(command) });
			if (answer.result === 'begun') return 'later';
			const report = answer.problems === undefined ? null : JSON.stringify({ problems: answer.problems });
			return { outcome: 'refused', because: answer.problem, report };
		}
		case 'configKeep':
			return noted(configuration.keep(version));
		case 'configRevert':
			return noted(configuration.giveUp(version, command.by));
	}
}

function propose(
	configuration: ConfigurationVersions,
	command: ConfigurationCommand & { op: 'configPropose' },
): ActAnswer {
	const { text, target } = command;
	if (configurationVersion(text) !== target)
		return { outcome: 'refused', because: 'the text is not the one of this version' };
	const answer = configuration.propose({ text, asked: askedBy(command) });
	if (answer.result === 'valid') {
		const { changes, warnings } = answer;
		const because = changes.length === 0 ? 'it changes nothing' : changes.map(changeInWords).join('; ');
		return { outcome: 'done', because, report: JSON.stringify({ changes, warnings }) };
	}
	const { problems } = answer;
	const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
	return {
		outcome: 'refused',
		because: `${problems[0]?.text ?? 'not valid'}${more}`,
		report: JSON.stringify({ problems }),
	};
}

function noted(answer: KeepAnswer): RemoteOutcome {
	if (answer.result === 'refused') return { outcome: 'refused', because: answer.problem };
	return { outcome: 'done', because: answer.waitsFor === null ? null : `so far ${answer.waitsFor}` };
}

function askedBy({ by, reason, commandId }: ConfigurationCommand): AskedBy {
	return { source: 'central', by, operatorId: null, reason, commandId };
}

/** A disk that takes no version is told, not a fault: nothing was begun. */
function withoutStore(act: () => ActAnswer): ActAnswer {
	try {
		return act();
	} catch (error) {
		if (!(error instanceof GatewayError)) throw error;
		return { outcome: 'failed', because: error.message };
	}
}
