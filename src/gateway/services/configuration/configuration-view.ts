import type { CheckedConfiguration, ConfigurationProblem } from '../../core/configuration/configuration-change.ts';
import type { AskedBy, ConfigurationEvent, KeptVersion } from '../../core/configuration/configuration-state.ts';

/** The gateway as a trial looks at it. */
export interface GatewayHealth {
	/** null: the site stands alone. */
	readonly linkUp: boolean | null;
	/** Causes of unreadiness, as `/readyz` tells them. */
	readonly unready: readonly string[];
	readonly devices: readonly { readonly id: string; readonly isOnline: boolean }[];
	/** What a new start would disturb now, in words: vehicles under way, lanes held open. */
	readonly disturbed: readonly string[];
	/** Lanes whose fire input is active: nothing is started anew under fire. */
	readonly fire: readonly string[];
}

/** What runs, what is on trial, and what could run. `null` as a version: gateway.yaml on the machine. */
export interface ConfigurationView {
	/** Of the file's text. */
	readonly file: string;
	/** What the gateway runs now. */
	readonly runs: string | null;
	readonly trial: TrialView | null;
	/** Newest first. */
	readonly versions: readonly KeptVersion[];
	/** Newest first. */
	readonly history: readonly ConfigurationEvent[];
	/** Why what should run does not, in words. */
	readonly problem: string | null;
}

export interface TrialView extends AskedBy {
	readonly version: string | null;
	readonly startedAtMs: number;
	/** UTC epoch ms, for people. */
	readonly endsAtMs: number;
	/** What keeping it waits for, in words; null: it is being ended. */
	readonly waitsFor: string | null;
}

export interface ConfigurationProposal {
	readonly text: string;
	readonly asked: AskedBy;
}

export type ProposalAnswer =
	| (CheckedConfiguration & { readonly result: 'valid'; readonly version: string })
	| (CheckedConfiguration & { readonly result: 'invalid' });

export interface ApplyRequest {
	/** null: back to gateway.yaml. */
	readonly version: string | null;
	/** LIMITS.trialMinimumMs to LIMITS.trialMaximumMs. */
	readonly withinMs: number;
	/** Also while vehicles are under way. */
	readonly force: boolean;
	readonly asked: AskedBy;
}

/** `begun`: the gateway is about to start anew with it. */
export type ApplyAnswer =
	| { readonly result: 'begun' }
	| {
			readonly result: 'refused';
			readonly because: 'onTrial' | 'runsAlready' | 'notKept' | 'notValid' | 'disturbs' | 'fire' | 'notRunning';
			/** Why, in words. */
			readonly problem: string;
			readonly problems?: readonly ConfigurationProblem[];
	  };

export type KeepAnswer =
	/** `waitsFor`: it is kept as soon as that is there; null: it is kept. */
	| { readonly result: 'noted'; readonly waitsFor: string | null }
	| { readonly result: 'refused'; readonly problem: string };

/** What pages, programs and central do with versions of the configuration. */
export interface ConfigurationVersions {
	view(): ConfigurationView;
	/** The text as it may be shown; null: of gateway.yaml. Throws NOT_FOUND. */
	shownText(version: string | null): string;
	/** Awaited before `check`, `propose` and `apply`: a long text is parsed beside the lanes, not where they wait. Never rejects. */
	prepare(what: { readonly text: string } | { readonly version: string | null }): Promise<void>;
	/** What a kept version would change of what runs. Throws NOT_FOUND. */
	check(version: string | null): CheckedConfiguration;
	/** Keeps a valid text as a version; nothing runs differently. Throws STORE_*. */
	propose(proposal: ConfigurationProposal): ProposalAnswer;
	/** Starts the gateway anew on trial. Throws STORE_*. */
	apply(request: ApplyRequest): ApplyAnswer;
	/** Says that what is on trial may stay. */
	keep(version: string | null): KeepAnswer;
	/** Ends the trial now. */
	giveUp(version: string | null, by: string): KeepAnswer;
}
