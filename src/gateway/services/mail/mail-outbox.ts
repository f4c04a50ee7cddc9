import type { Cancel, Clock } from '../../core/clock.ts';
import { LETTER_KINDS, type Letter, MAIL_PROBLEMS, type MailProblem, type Sent } from '../../core/letter.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { MailPurpose, MailRow } from '../../store/mail-outbox.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { SealedText } from '../directory/sealed-text.ts';

/** What became of the last mail of a purpose to somebody. */
export type MailState =
	/** `handed`: to the mail server or to central, which did not answer yet. */
	| { readonly state: 'waiting' | 'waitingForCentral' | 'handed' | 'sent'; readonly atMs: number }
	/** `code`: of the mail server, null where it did not answer; `again`: it is tried again by itself. */
	| {
			readonly state: 'failed';
			readonly atMs: number;
			readonly problem: MailProblem;
			readonly code: number | null;
			readonly again: boolean;
	  };

export interface MailWish {
	readonly operatorId: string;
	readonly purpose: MailPurpose;
	/** Of the code that it brings; null: none. */
	readonly codeHash: string | null;
	/** Nobody wants it after this. */
	readonly endsAtMs: number;
	readonly letter: Letter;
}

/**
 * `afterS`: when it may be asked again, though this was no try; null: as after any try that failed.
 */
export type Carried = Sent | { readonly result: 'later'; readonly problem: MailProblem; readonly afterS: number };

/**
 * Mails on their way, on the disk until it is known what became of each; at most one of each purpose to somebody. What
 * one says is sealed with a key that no backup holds, and goes when it is settled.
 */
export interface MailOutbox {
	/** In place of an earlier one. Joins the transaction around it: nothing leaves before that is committed. */
	put(wish: MailWish): void;
	/** undefined: none was sent. */
	stateOf(operatorId: string, purpose: MailPurpose): MailState | undefined;
	/** Those that may leave now, oldest first; `handed`: also those on their way. */
	due(limit: number, options?: { readonly handed: boolean }): readonly string[];
	/** What it says, as it leaves: from then on it is handed over. undefined: nobody wants it any more. */
	take(id: string): Letter | undefined;
	/** Nothing, where another one took its place. */
	settle(id: string, carried: Carried): void;
	/** What was on its way when the gateway stopped may have arrived: it is not sent again. */
	abandonHanded(): void;
	/** Something may leave: called some time after it was put, never within a transaction. */
	onDue(run: () => void): void;
	stop(): void;
}

export interface MailOutboxDeps {
	readonly store: Pick<SiteStore, 'mailOutbox' | 'transaction'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly sealed: SealedText;
	readonly through: 'smtp' | 'central';
	/** Its code is neither used nor replaced, and who it is for may use it. */
	readonly isWanted: (mail: Pick<MailRow, 'operatorId' | 'purpose' | 'codeHash'>) => boolean;
	/** It was sent, or given up. Joins the transaction around it. */
	readonly onEnd: (mail: Pick<MailRow, 'operatorId' | 'purpose'>, state: MailState) => void;
	readonly journalGrew: () => void;
}

/** Looks at what waits at least this often, ms. */
const LOOK_MS = 60_000;

export function createMailOutbox(deps: MailOutboxDeps): MailOutbox {
	const { clock, log, sealed, isWanted } = deps;
	const { mailOutbox, transaction } = deps.store;
	let isStopped = false;
	let isLookingSoon = false;
	let tell: () => void = () => undefined;
	let cancel: Cancel = () => undefined;

	function settled(row: MailRow, end: Pick<MailRow, 'state' | 'problem' | 'code'>): void {
		const now: MailRow = { ...row, ...end, sealed: null, atMs: clock.nowMs() };
		transaction(() => {
			mailOutbox.put(now);
			mailOutbox.prune(LIMITS.mailStates);
			deps.onEnd(now, shown(now));
		});
		deps.journalGrew();
	}

	const fail = (row: MailRow, problem: MailProblem, code: number | null = null) =>
		settled(row, { state: 'failed', problem, code });

	/** @returns false: it is over, and so settled or gone. */
	function isAlive(row: MailRow): boolean {
		if (!isWanted(row)) transaction(() => mailOutbox.remove(row.id));
		else if (clock.nowMs() >= row.endsAtMs) fail(row, 'expired');
		else return true;
		return false;
	}

	function shown({ state, atMs, problem, code }: MailRow): MailState {
		const found = MAIL_PROBLEMS.find((known) => known === problem);
		if (state === 'failed' || (state === 'waiting' && found !== undefined))
			return { state: 'failed', atMs, problem: found ?? 'refused', code, again: state === 'waiting' };
		return { state: state === 'waiting' && deps.through === 'central' ? 'waitingForCentral' : state, atMs };
	}

	/** Now and then, so that what may leave does, and what is too old is told. */
	function look(): void {
		cancel();
		if (isStopped) return;
		try {
			const alive = mailOutbox.open().filter(isAlive);
			const nextMs = Math.min(...alive.map(({ nextAtMs, endsAtMs }) => Math.min(nextAtMs, endsAtMs)));
			if (alive.length > 0) cancel = clock.after(Math.min(LOOK_MS, Math.max(1_000, nextMs - clock.nowMs())), look);
		} catch (error) {
			log.warn({ err: error }, 'mails on their way could not be read');
			cancel = clock.after(LOOK_MS, look);
		}
		tell();
	}

	/** Once for any number of mails. */
	function lookSoon(): void {
		if (!isLookingSoon)
			queueMicrotask(() => {
				isLookingSoon = false;
				look();
			});
		isLookingSoon = true;
	}

	function retry(row: MailRow, problem: MailProblem, code: number | null, delayMs: number, tries: number): void {
		const nowMs = clock.nowMs();
		transaction(() =>
			mailOutbox.put({ ...row, state: 'waiting', problem, code, tries, atMs: nowMs, nextAtMs: nowMs + delayMs }),
		);
		look();
	}

	return {
		put({ operatorId, purpose, codeHash, endsAtMs, letter }) {
			const nowMs = clock.nowMs();
			const row: MailRow = {
				...{ operatorId, purpose, codeHash, endsAtMs, id: deps.newId(), sealed: sealed.seal(JSON.stringify(letter)) },
				...{ state: 'waiting', tries: 0, nextAtMs: nowMs, atMs: nowMs, problem: null, code: null },
			};
			const isFull = mailOutbox.openCount() >= LIMITS.mailsWaiting;
			mailOutbox.put(isFull ? { ...row, sealed: null, state: 'failed', problem: 'tooMany' } : row);
			// What is running now may be a transaction, and may yet be undone.
			lookSoon();
		},
		stateOf(operatorId, purpose) {
			const row = mailOutbox.of(operatorId, purpose);
			return row && shown(row);
		},
		due(limit, { handed } = { handed: false }) {
			const nowMs = clock.nowMs();
			const rows = mailOutbox.open().filter(({ state, nextAtMs }) => (state === 'handed' ? handed : nextAtMs <= nowMs));
			const ids: string[] = [];
			for (const row of rows) {
				if (ids.length === limit) break;
				if (isAlive(row)) ids.push(row.id);
			}
			return ids;
		},
		take(id) {
			const row = mailOutbox.byId(id);
			if (row === undefined || row.sealed === null || !isAlive(row)) return undefined;
			const letter = letterOf(sealed.open(row.sealed));
			if (letter === undefined) fail(row, 'lost');
			else transaction(() => mailOutbox.put({ ...row, state: 'handed', problem: null, atMs: clock.nowMs() }));
			return letter;
		},
		settle(id, carried) {
			const row = mailOutbox.byId(id);
			if (row === undefined || row.sealed === null) return;
			if (carried.result === 'sent') {
				settled(row, { state: 'sent', problem: null, code: null });
				return;
			}
			const { problem } = carried;
			if (carried.result === 'later') {
				retry(row, problem, null, carried.afterS * 1_000, row.tries);
				return;
			}
			const delayMs = LIMITS.mailRetriesMs[row.tries];
			const again = carried.again && delayMs !== undefined && isWanted(row);
			log.warn({ problem, code: carried.code, again }, 'a mail was not sent');
			if (again) retry(row, problem, carried.code, delayMs, row.tries + 1);
			else fail(row, problem, carried.code);
		},
		abandonHanded() {
			for (const row of mailOutbox.open()) if (row.state === 'handed') fail(row, 'unanswered');
		},
		onDue(run) {
			tell = run;
			lookSoon();
		},
		stop() {
			isStopped = true;
			cancel();
		},
	};
}

/** undefined: sealed elsewhere, such as before a backup was restored on another machine. */
function letterOf(text: string | undefined): Letter | undefined {
	if (text === undefined) return undefined;
	// Only this program seals with that key.
	const letter = JSON.parse(text) as Letter;
	return LETTER_KINDS.includes(letter.kind) ? letter : undefined;
}
