import type { Clock } from '../../core/clock.ts';
import type { CheckedConfiguration } from '../../core/configuration/configuration-change.ts';
import {
	type ConfigurationEvent,
	type ConfigurationState,
	NO_VERSIONS,
	outcomeOf,
	versionInForce,
	withFile,
	withProposal,
	withTrial,
	withTrialReverted,
} from '../../core/configuration/configuration-state.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { Log } from '../../core/log.ts';
import { type ConfigurationFiles, configurationVersion } from '../../store/configuration-files.ts';
import type {
	ApplyAnswer,
	ApplyRequest,
	ConfigurationProposal,
	ConfigurationVersions,
	GatewayHealth,
	ProposalAnswer,
} from './configuration-view.ts';
import { createTrialWatch } from './watch-trial.ts';

export interface SiteConfigurationDeps {
	readonly files: ConfigurationFiles;
	readonly clock: Clock;
	readonly log: Log;
	/** What `check-config` would say of a text, and what it would change of what runs. */
	readonly check: (text: string) => CheckedConfiguration;
	/** Does beside the lanes what makes the next `check` of this text long; never rejects. */
	readonly prepare: (text: string) => Promise<void>;
	/** The text without the secrets that were written into it. */
	readonly mask: (text: string) => string;
	/** Has the process start the gateway anew, with `target()` as it is then. */
	readonly startAnew: () => void;
}

/** A running gateway, as long as it runs. */
export interface AttachedGateway {
	health(): GatewayHealth;
	/** Something happened to the configuration; `history` is all that is remembered, oldest first. */
	onHistory(history: readonly ConfigurationEvent[]): void;
}

/**
 * Which configuration a site runs: gateway.yaml, or a version applied in its place. Lives as long as the process: the
 * gateway is started anew around it. Every step is on the disk before it is taken.
 */
export interface SiteConfiguration extends ConfigurationVersions {
	/** gateway.yaml as it is now: an edit of it wins over what was applied before. Call it before every start. */
	fileIs(text: string): void;
	/** What is to run: on trial, else in force; null: gateway.yaml. */
	target(): string | null;
	text(version: string): string;
	/** The version in force could not be run, so gateway.yaml does; null: it runs. */
	notRun(problem: string | null): void;
	attach(gateway: AttachedGateway): void;
	detach(): void;
	/** What became of central's command to apply; undefined: it was never begun. */
	outcomeOf(commandId: string): ConfigurationEvent | 'onTrial' | undefined;
	/** What was on trial did not start: what ran before is the target again. */
	startFailed(problem: string): void;
	/** Plans nothing any more. */
	stop(): void;
}

export function createSiteConfiguration(deps: SiteConfigurationDeps): SiteConfiguration {
	const { files, clock, log, check } = deps;
	const read = readState(deps);
	let { state } = read;
	let file = { text: '', version: '' };
	let problem = read.broken?.message ?? null;
	let gateway: AttachedGateway | undefined;

	/** The intent is on the disk first; what can't be written does not happen. */
	function commit(next: ConfigurationState): void {
		if (read.broken !== undefined) throw read.broken;
		if (next === state) return;
		files.write(next);
		become(next);
	}

	function become(next: ConfigurationState): void {
		state = next;
		gateway?.onHistory(state.history);
	}

	/** What must happen also where nothing can be written: a later start does it again. */
	function commitIfPossible(next: ConfigurationState): void {
		try {
			commit(next);
		} catch (error) {
			log.error({ err: error }, 'what became of a configuration could not be written; it holds until the next start');
			become(next);
		}
	}

	const trial = createTrialWatch({
		...{ clock, log, commit, commitIfPossible },
		state: () => state,
		file: () => file.version,
		gateway: () => gateway,
		startAnew: deps.startAnew,
	});

	function textOf(version: string | null): string {
		return version === null || version === file.version ? file.text : files.text(version);
	}

	/** undefined: there is no such version, or it can't be read. */
	function keptText(version: string | null): string | undefined {
		try {
			return textOf(version);
		} catch (error) {
			if (error instanceof GatewayError) return undefined;
			throw error;
		}
	}

	function propose({ text, asked }: ConfigurationProposal): ProposalAnswer {
		const checked = check(text);
		if (checked.result === 'invalid') return checked;
		if (read.broken !== undefined) throw read.broken;
		const version = configurationVersion(text);
		files.keepText(text);
		commit(withProposal(state, { version, asked, atMs: clock.nowMs() }));
		return { ...checked, version };
	}

	function apply(request: ApplyRequest): ApplyAnswer {
		const refused = refusal(request);
		if (refused !== undefined) return refused;
		const { version, withinMs, asked } = request;
		commit(withTrial(state, { version, asked, withinMs, atMs: clock.nowMs() }));
		trial.begin(withinMs);
		deps.startAnew();
		return { result: 'begun' };
	}

	function refusal({ version, force }: ApplyRequest): ApplyAnswer | undefined {
		const no = (because: (ApplyAnswer & { result: 'refused' })['because'], words: string): ApplyAnswer => ({
			...{ result: 'refused', because, problem: words },
		});
		if (gateway === undefined) return no('notRunning', 'the gateway is being started anew');
		if (state.trial !== null) return no('onTrial', 'another configuration is on trial');
		if (isSame(version, runs())) return no('runsAlready', 'it runs already');
		if (version !== null && version !== file.version && !state.versions.some((kept) => kept.version === version))
			return no('notKept', 'there is no such version; propose it first');
		const checked = check(textOf(version));
		if (checked.result === 'invalid') {
			const { problems } = checked;
			return { result: 'refused', because: 'notValid', problem: problems[0]?.text ?? 'it is not valid', problems };
		}
		const { fire, disturbed } = gateway.health();
		if (fire.length > 0) return no('fire', `the fire input of ${fire.join(', ')} is active`);
		return disturbed.length === 0 || force ? undefined : no('disturbs', disturbed.join('; '));
	}

	function target(): string | null {
		return state.trial === null ? versionInForce(state, file.version) : state.trial.version;
	}

	function runs(): string | null {
		return problem === null ? target() : null;
	}

	/** The file's own text as a version is the file. */
	function isSame(a: string | null, b: string | null): boolean {
		return (a ?? file.version) === (b ?? file.version);
	}

	function fileIs(text: string): void {
		const version = configurationVersion(text);
		if (state.trial !== null && file.version !== '' && file.version !== version) {
			commitIfPossible(withTrialReverted(state, 'gateway.yaml was edited meanwhile', clock.nowMs()));
			trial.forget();
		}
		file = { text, version };
	}

	/** Only once the gateway runs with the edited file: one that does not start goes on with what ran before. */
	function settleFile(): void {
		const next = withFile(state, file.version, clock.nowMs());
		if (next === state) return;
		log.warn(
			{ left: state.applied?.version },
			'gateway.yaml was edited after a version of the configuration had been applied in its place: the file counts now',
		);
		commitIfPossible(next);
	}

	return {
		fileIs,
		target,
		text: textOf,
		notRun(words) {
			problem = words ?? read.broken?.message ?? null;
		},
		attach(running) {
			gateway = running;
			running.onHistory(state.history);
			settleFile();
			trial.attached();
		},
		detach() {
			gateway = undefined;
		},
		outcomeOf: (commandId) => (state.trial?.commandId === commandId ? 'onTrial' : outcomeOf(state, commandId)),
		startFailed: trial.startFailed,
		stop: trial.forget,
		view: () => ({
			file: file.version,
			runs: runs(),
			trial: trial.view(),
			versions: state.versions,
			history: state.history.toReversed(),
			problem,
		}),
		shownText: (version) => deps.mask(textOf(version)),
		check: (version) => check(textOf(version)),
		prepare: (what) => deps.prepare('text' in what ? what.text : (keptText(what.version) ?? '')),
		propose,
		apply,
		keep: (version) => trial.keep((running) => isSame(running, version)),
		giveUp: (version, by) => trial.giveUp((running) => isSame(running, version), by),
	};
}

/** What a stop left on trial ends at once: nobody said that it may stay. */
function readState({ files, clock, log }: Pick<SiteConfigurationDeps, 'files' | 'clock' | 'log'>): {
	readonly state: ConfigurationState;
	/** Why nothing can be read or changed. */
	readonly broken?: GatewayError;
} {
	let state: ConfigurationState;
	try {
		state = files.read();
	} catch (error) {
		const broken = error instanceof GatewayError ? error : new GatewayError('STORE_UNAVAILABLE', String(error));
		log.error({ err: error }, 'the versions of the configuration can not be read; gateway.yaml is run');
		return { state: NO_VERSIONS, broken };
	}
	if (state.trial === null) return { state };
	const ended = withTrialReverted(state, 'the gateway stopped before it was kept', clock.nowMs());
	log.warn(
		{ version: state.trial.version },
		'a configuration was on trial when the gateway stopped; the one before is run',
	);
	try {
		files.write(ended);
	} catch (error) {
		log.error({ err: error }, 'that it was reverted could not be written; the next start does it again');
	}
	return { state: ended };
}
