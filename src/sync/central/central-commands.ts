import { hash } from 'node:crypto';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { Command, CommandResult } from '../commands.ts';
import type { Body } from '../envelope.ts';
import type { CentralLink } from './central-link.ts';
import type { CommandRecord, CommandRecords, SiteConfigurationNow } from './command-records.ts';
import { createCommandReports } from './command-reports.ts';
import type { SiteRegister } from './site-register.ts';

interface Asking {
	readonly reason: string;
	/** Who asks. */
	readonly by: string;
	/** How long anybody wants it, s. */
	readonly ttlS?: number;
}

/** What is asked of a site. */
export type AskedOfSite = Asking &
	(
		| {
				readonly op: 'vend' | 'hold' | 'close' | 'lockdown' | 'release';
				/** A lane. */
				readonly target: string;
				/** Of a hold, closing or lockdown. */
				readonly untilMs?: number;
		  }
		/** A whole gateway.yaml; its version is the hash that `configApply` names. */
		| { readonly op: 'configPropose'; readonly text: string }
		| {
				readonly op: 'configApply';
				/** A version that was proposed, or `file`. */
				readonly target: string;
				/** The site goes back by itself after this, s; five minutes unless said. */
				readonly withinS?: number;
				/** Also while vehicles are under way. */
				readonly force?: boolean;
				/** `byItself`: as soon as the site is back with it; `byHand`: when `configKeep` is asked. */
				readonly keep?: 'byItself' | 'byHand';
		  }
		| { readonly op: 'configKeep' | 'configRevert'; readonly target: string }
		| { readonly op: 'restart'; readonly force?: boolean }
		| { readonly op: 'diagnostics' }
	);

/** `report`: what it found, JSON. */
export type CommandAnswer = CommandResult & { readonly report: string | null };

/** Commands to sites: the site challenges each, and only an answer that comes back at once makes it act (SYNC.md, commands). */
export interface CentralCommands {
	/** It is kept, and on its way where the site is connected; `answered` settles with what became of it and never rejects. */
	ask(site: string, asked: AskedOfSite): { readonly commandId: string; readonly answered: Promise<CommandAnswer> };
	challenged(site: string, link: string | null, body: Body<'challenge'>): void;
	reported(site: string, part: Body<'commandReport'>): void;
	answered(site: string, result: CommandResult): void;
	/** A site is here, and says what it runs. */
	born(site: string, told: SiteConfigurationNow): void;
	/** What is under way is unknown from here on, and nothing is said again. */
	end(): void;
}

interface Waiting {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly link: string;
	/** Nobody wants it any more, monotonic: a site that asks back later was frozen, or its command was held up. */
	readonly untilMs: number;
	readonly settle: (result: CommandResult) => void;
}

const TTL_S = 5;
const WITHIN_S = 300;
/** After its time a site has this long to tell what it did, ms. */
const ANSWER_MS = 15_000;
/** And to find out, to stop and to start again, and to come back from a trial, ms. */
const REPORT_MS = 45_000;
const RESTART_MS = 180_000;
const AFTER_TRIAL_MS = 120_000;
/** A word that was lost on its way to a site on trial is said again, ms. */
const KEEP_AGAIN_MS = 10_000;

export function createCentralCommands(deps: {
	readonly records: CommandRecords;
	readonly link: Pick<CentralLink, 'send'>;
	readonly register: Pick<SiteRegister, 'connection'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
}): CentralCommands {
	const { records, link, register, clock, log, newId } = deps;
	const waiting = new Map<string, Waiting>();
	const reports = createCommandReports();
	let isOver = false;

	/** A disk that takes nothing keeps nobody waiting. */
	function settled(site: string, result: CommandResult): CommandAnswer {
		try {
			records.finish(site, result);
			return { ...result, report: records.get(result.commandId)?.report ?? null };
		} catch (error) {
			log.error({ err: error, ...result }, 'what became of a command could not be kept');
			return { ...result, report: null };
		}
	}

	function ask(site: string, asked: AskedOfSite) {
		const commandId = newId();
		const body = commandOf(commandId, asked);
		records.add(recordOf(site, body, asked, clock.nowMs()));
		return { commandId, answered: send(site, body) };
	}

	function send(site: string, body: Command): Promise<CommandAnswer> {
		const { commandId } = body;
		const to = register.connection(site);
		if (to === undefined) {
			return Promise.resolve(settled(site, { commandId, outcome: 'refused', because: 'the site is not connected' }));
		}
		const { promise, resolve } = Promise.withResolvers<CommandAnswer>();
		let cancel: Cancel = () => undefined;
		const settle = (result: CommandResult) => {
			if (!waiting.delete(commandId)) return;
			cancel();
			resolve(settled(site, result));
		};
		cancel = clock.after(answerWithinMs(body), () =>
			settle({ commandId, outcome: 'unknown', because: 'the site did not answer' }),
		);
		waiting.set(commandId, { site, ...to, untilMs: clock.monotonicMs() + body.ttlS * 1_000, settle });
		link.send({ to: 'site', site, channel: 'down/command', ...to }, 'command', body, body.ttlS);
		return promise;
	}

	/** Says that what is on trial may stay, until the site has heard it or its time is over. */
	async function keep(site: string, target: string, untilMs: number): Promise<void> {
		const asked = { op: 'configKeep', target, reason: 'the site is back with it', by: 'central' } as const;
		try {
			const { outcome } = await ask(site, asked).answered;
			if (isOver || (outcome !== 'unknown' && outcome !== 'expired')) return;
		} catch (error) {
			log.error({ err: error, site, target }, 'a configuration on trial could not be kept yet');
		}
		if (clock.nowMs() + KEEP_AGAIN_MS < untilMs) clock.after(KEEP_AGAIN_MS, () => void keep(site, target, untilMs));
	}

	return {
		ask,
		challenged(site, challengedOn, body) {
			const sent = waiting.get(body.commandId);
			if (sent === undefined || sent.site !== site || sent.link !== challengedOn) return;
			if (clock.monotonicMs() > sent.untilMs) {
				const because = 'the site asked back when nobody wanted it any more';
				sent.settle({ commandId: body.commandId, outcome: 'expired', because });
				return;
			}
			const { gatewayEpoch } = sent;
			link.send({ to: 'site', site, gatewayEpoch, link: sent.link, channel: 'down/confirm' }, 'confirm', body);
		},
		reported(site, part) {
			const record = records.get(part.commandId);
			// A site that lost its link tells all of it again.
			if (record?.site !== site || record.report !== null) return;
			const whole = reports.take(site, part);
			if (whole !== undefined && whole.length <= LIMITS.reportLength) records.keepReport(part.commandId, whole);
		},
		answered(site, result) {
			const sent = waiting.get(result.commandId);
			if (sent?.site === site) sent.settle(result);
			else if (sent === undefined) records.finish(site, result);
		},
		born(site, told) {
			records.noteConfiguration(site, told, clock.nowMs());
			const { trial } = told;
			if (trial === null || trial.commandId === null) return;
			const command = records.get(trial.commandId);
			if (command === undefined || command.site !== site || command.keepWithinS === null) return;
			const untilMs = command.atMs + command.keepWithinS * 1_000;
			if (command.target === trial.target && clock.nowMs() < untilMs) void keep(site, trial.target, untilMs);
		},
		end() {
			isOver = true;
			for (const [commandId, { settle }] of waiting)
				settle({ commandId, outcome: 'unknown', because: 'central stopped before the site answered' });
		},
	};
}

function commandOf(commandId: string, asked: AskedOfSite): Command {
	const { reason, by, ttlS = TTL_S } = asked;
	const common = { commandId, reason, by, ttlS };
	switch (asked.op) {
		case 'configPropose':
			return { ...common, op: asked.op, target: hash('sha256', asked.text, 'hex'), text: asked.text };
		case 'configApply': {
			const { op, target, withinS = WITHIN_S, force = false } = asked;
			return { ...common, op, target, withinS, force };
		}
		case 'configKeep':
		case 'configRevert':
			return { ...common, op: asked.op, target: asked.target };
		case 'restart':
			return { ...common, op: asked.op, target: 'gateway', force: asked.force ?? false };
		case 'diagnostics':
			return { ...common, op: asked.op, target: 'gateway' };
		case 'vend':
		case 'hold':
		case 'close':
		case 'lockdown':
		case 'release':
			return { ...common, op: asked.op, target: asked.target, untilMs: asked.untilMs ?? null };
	}
}

function recordOf(site: string, command: Command, asked: AskedOfSite, atMs: number) {
	const { commandId: id, op, target, by, reason } = command;
	const keepsItself = asked.op === 'configApply' && asked.keep !== 'byHand';
	const record: Omit<CommandRecord, 'outcome' | 'because' | 'report'> = {
		...{ id, site, op, target, by, reason, atMs },
		text: command.op === 'configPropose' ? command.text : null,
		keepWithinS: command.op === 'configApply' && keepsItself ? command.withinS : null,
	};
	return record;
}

function answerWithinMs(command: Command): number {
	const ttlMs = command.ttlS * 1_000;
	switch (command.op) {
		case 'configApply':
			return ttlMs + command.withinS * 1_000 + AFTER_TRIAL_MS;
		case 'restart':
			return ttlMs + RESTART_MS;
		case 'configPropose':
		case 'diagnostics':
			return ttlMs + REPORT_MS;
		default:
			return ttlMs + ANSWER_MS;
	}
}
