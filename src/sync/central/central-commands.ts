import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { Command, CommandResult } from '../commands.ts';
import type { Body } from '../envelope.ts';
import type { CentralSqlite } from './central-database.ts';
import type { CentralLink } from './central-link.ts';
import type { SiteRegister } from './site-register.ts';

/** What is asked of a site; `untilMs`: of a hold, closing or lockdown. */
export interface AskedOfSite {
	readonly op: Command['op'];
	/** A lane. */
	readonly target: string;
	readonly reason: string;
	/** Who asks. */
	readonly by: string;
	readonly untilMs?: number;
	/** How long anybody wants it, s. */
	readonly ttlS?: number;
}

/** Commands to sites: the site challenges each, and only an answer that comes back at once makes it act (SYNC.md, commands). */
export interface CentralCommands {
	/** Settles with what became of it; never rejects. */
	send(site: string, asked: AskedOfSite): Promise<CommandResult>;
	challenged(site: string, link: string | null, body: Body<'challenge'>): void;
	answered(site: string, result: CommandResult): void;
}

interface Waiting {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly link: string;
	readonly settle: (result: CommandResult) => void;
}

const TTL_S = 5;
/** After its time a site has this long to tell what it did, ms. */
const ANSWER_MS = 15_000;

export function createCentralCommands(deps: {
	readonly db: CentralSqlite;
	readonly link: Pick<CentralLink, 'send'>;
	readonly register: Pick<SiteRegister, 'connection'>;
	readonly clock: Clock;
	readonly newId: () => string;
}): CentralCommands {
	const { db, link, register, clock, newId } = deps;
	const waiting = new Map<string, Waiting>();
	const insert = db.prepare<[string, string, string, string, string, number]>(
		'INSERT INTO commands (id, site, op, target, by, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const finish = db.prepare<[string, string | null, string]>(
		'UPDATE commands SET outcome = ?, because = ? WHERE id = ?',
	);

	function settled(result: CommandResult): CommandResult {
		finish.run(result.outcome, result.because, result.commandId);
		return result;
	}

	return {
		send(site, { op, target, reason, by, untilMs = null, ttlS = TTL_S }) {
			const commandId = newId();
			insert.run(commandId, site, op, target, by, clock.nowMs());
			const to = register.connection(site);
			if (to === undefined) {
				return Promise.resolve(settled({ commandId, outcome: 'refused', because: 'the site is not connected' }));
			}
			const { promise, resolve } = Promise.withResolvers<CommandResult>();
			let cancel: Cancel = () => undefined;
			const settle = (result: CommandResult) => {
				if (!waiting.delete(commandId)) return;
				cancel();
				resolve(settled(result));
			};
			cancel = clock.after(ttlS * 1_000 + ANSWER_MS, () =>
				settle({ commandId, outcome: 'unknown', because: 'the site did not answer' }),
			);
			waiting.set(commandId, { site, ...to, settle });
			const body = { commandId, op, target, reason, by, untilMs, ttlS };
			link.send({ to: 'site', site, channel: 'down/command', ...to }, 'command', body, ttlS);
			return promise;
		},
		challenged(site, challengedOn, body) {
			const sent = waiting.get(body.commandId);
			if (sent === undefined || sent.site !== site || sent.link !== challengedOn) return;
			const { gatewayEpoch } = sent;
			link.send({ to: 'site', site, gatewayEpoch, link: sent.link, channel: 'down/confirm' }, 'confirm', body);
		},
		answered(site, result) {
			const sent = waiting.get(result.commandId);
			if (sent?.site === site) sent.settle(result);
			else if (sent === undefined) finish.run(result.outcome, result.because, result.commandId);
		},
	};
}
