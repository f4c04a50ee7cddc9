import { limitsOf } from '../../core/access/specification-limits.ts';
import type { ClockTrust } from '../../core/clock.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { refillDue } from '../../core/ledger.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import { usePeriodAt } from '../../core/use-period.ts';
import type { StayCharge } from '../../store/consumption.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { PostedLine, Posting } from '../../store/wallets.ts';

/** What a right has left here and now. */
export interface RightStanding {
	readonly rightId: string;
	/** null: it has no number of uses. `held`: openings whose passage has not happened yet, counted in `used`. */
	readonly uses: {
		readonly used: number;
		readonly held: number;
		readonly allowed: number;
		/** Never below 0. */
		readonly left: number;
		/** UTC epoch ms; null: open. */
		readonly fromMs: number | null;
		readonly toMs: number | null;
	} | null;
	/** null: it costs nothing. The balance is with the refill that is due and without what is held. */
	readonly wallet: {
		readonly balance: number;
		readonly held: number;
		readonly cost: number;
		readonly mayOverdraw: boolean;
		readonly refillAmount: number;
		readonly refillPeriod: DirectoryRow<'rightSpecifications'>['refillPeriod'];
	} | null;
	/** Stays that are open under it, and how many it may have. */
	readonly stays: { readonly open: number; readonly allowed: number };
}

export interface RightStandings {
	/** undefined: there is no such right. */
	of(rightId: string, atMs: number): RightStanding | undefined;
	/** Newest first, at most LIMITS.pageSize; go on before the last one's `line`. */
	ledger(rightId: string, limit: number, beforeLine?: number): readonly PostedLine[];
	chargesOf(stayId: string): readonly StayCharge[];
	/** Changes a wallet by hand, journalled with the operator and the reason; the same key changes it once. Throws NOT_FOUND. */
	adjust(adjustment: WalletAdjustment): Posting;
}

export interface WalletAdjustment {
	readonly rightId: string;
	/** Integer units; negative takes. */
	readonly amount: number;
	readonly operatorId: string;
	readonly reason: string;
	readonly key: string;
}

export function createRightStandings(deps: {
	readonly site: Pick<Site, 'timeZone'>;
	readonly store: Pick<
		SiteStore,
		'transaction' | 'journal' | 'occupancy' | 'consumption' | 'wallets' | 'parkingSessions'
	>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row'>;
	readonly nowMs: () => number;
	readonly newId: () => string;
	readonly clockTrust: () => ClockTrust;
	readonly journalGrew: () => void;
}): RightStandings {
	const { site, store, directory } = deps;

	function find(rightId: string) {
		return directory.read(() => {
			const right = directory.row('assignedRights', rightId);
			const specification = right && directory.row('rightSpecifications', right.specificationId);
			return right && { right, limits: limitsOf(specification ?? null) };
		});
	}

	function of(rightId: string, atMs: number): RightStanding | undefined {
		const found = find(rightId);
		if (found === undefined) return undefined;
		const { right, limits } = found;
		const underWay = store.occupancy.underWayOf(rightId);
		return {
			rightId,
			uses: usesOf(right, limits, underWay.filter(({ terms }) => terms?.useAtMs !== undefined).length, atMs),
			wallet: walletOf(rightId, limits, sum(underWay.map(({ terms }) => terms?.credits?.amount ?? 0)), atMs),
			stays: { open: store.parkingSessions.openByRight().get(rightId) ?? 0, allowed: limits.staysAtOnce },
		};
	}

	function usesOf(right: DirectoryRow<'assignedRights'>, limits: Limits, held: number, atMs: number) {
		const { useLimit: allowed, usePeriod } = limits;
		if (allowed === null) return null;
		const { startMs: fromMs, endMs: toMs } = usePeriodAt(usePeriod, atMs, site.timeZone, right);
		const used = store.consumption.uses(right.id, fromMs, toMs) + held;
		return { used, held, allowed, left: Math.max(0, allowed - used), fromMs, toMs };
	}

	function walletOf(rightId: string, limits: Limits, held: number, atMs: number) {
		const { creditCost: cost, mayOverdraw, refillAmount, refillPeriod } = limits;
		if (cost === 0) return null;
		const balance = balanceAt(rightId, limits, atMs);
		return { balance, held, cost, mayOverdraw, refillAmount, refillPeriod };
	}

	function dueRefill(rightId: string, limits: Limits, atMs: number) {
		if (deps.clockTrust() === 'untrusted') return null;
		return refillDue(store.wallets.state(rightId), limits, atMs, site.timeZone);
	}

	function balanceAt(rightId: string, limits: Limits, atMs: number): number {
		return store.wallets.state(rightId).balance + (dueRefill(rightId, limits, atMs)?.amount ?? 0);
	}

	function adjust({ rightId, amount, operatorId, reason, key }: WalletAdjustment): Posting {
		const found = find(rightId);
		if (found === undefined) throw new GatewayError('NOT_FOUND', `there is no right ${rightId}`);
		const { limits } = found;
		const atMs = deps.nowMs();
		const posting = store.transaction(() => {
			const refill = dueRefill(rightId, limits, atMs);
			if (refill !== null) store.wallets.refill(rightId, refill, atMs);
			const line = { key: `adjust.${key}`, kind: 'adjust', amount, atMs, stayId: null } as const;
			const posted = store.wallets.post(rightId, line, limits.mayOverdraw);
			if (posted.result !== 'posted') return posted;
			const detail = { amount, balance: posted.balance, reason };
			const about = { operatorId, action: 'walletAdjusted', target: rightId, detail };
			store.journal.append({ type: 'audit', class: 'audit', id: deps.newId(), atMs, ...about });
			return posted;
		});
		deps.journalGrew();
		return posting;
	}

	return {
		of,
		ledger: (rightId, limit, beforeLine) => store.wallets.lines(rightId, Math.min(limit, LIMITS.pageSize), beforeLine),
		chargesOf: (stayId) => store.consumption.chargesOf(stayId),
		adjust,
	};
}

type Limits = ReturnType<typeof limitsOf>;

function sum(amounts: readonly number[]): number {
	return amounts.reduce((total, amount) => total + amount, 0);
}
