import { createHash } from 'node:crypto';
import type { Cancel, Clock } from '../../core/clock.ts';
import type { DocumentRefusal } from '../../core/licence/judge-document.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { Licensing } from './licensing.ts';

/** A document that central sent and that does not count. */
export interface RefusedSentDocument {
	/** Of central's row. */
	readonly id: string;
	readonly refusal: DocumentRefusal;
	readonly detail: string;
	readonly atMs: number;
}

/** Licences and statements that central sends (stream `licences`): each is believed no more than one that is pasted. */
export interface SentDocuments {
	/** Looks at what is there: installs what is new, remembers what is refused. One look after the other; never rejects. */
	look(): Promise<void>;
	/** What of it does not count, by central's row. */
	refused(): readonly RefusedSentDocument[];
	stop(): void;
}

export interface SentDocumentsDeps {
	readonly siteId: string;
	readonly directory: Pick<DirectoryReader, 'find' | 'row'>;
	readonly licensing: Pick<Licensing, 'installLicence' | 'installStatement'>;
	readonly store: Pick<SiteStore, 'licences' | 'journal' | 'transaction'>;
	readonly clock: Pick<Clock, 'nowMs' | 'after'>;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

/** One that is not yet valid will be; a key or a park may come with a new configuration, which starts anew. */
const LOOK_EVERY_MS = 60_000;

interface Remembered extends RefusedSentDocument {
	readonly digest: string;
}

export function createSentDocuments(deps: SentDocumentsDeps): SentDocuments {
	const { siteId, directory, licensing, store, clock, log } = deps;
	const refused = new Map<string, Remembered>();
	let looking = Promise.resolve();
	let cancel: Cancel = () => undefined;
	let isStopped = false;

	function rows() {
		const ids = directory.find('licenceDocuments', { siteId }, LIMITS.sentLicenceDocuments);
		return ids.flatMap((id) => directory.row('licenceDocuments', id) ?? []);
	}

	async function take({ id, kind, document }: ReturnType<typeof rows>[number]): Promise<void> {
		const text = document.trim();
		// Also what counted once: it does not come back.
		if (store.licences.isKnown(text)) return void refused.delete(id);
		const digest = createHash('sha256').update(text).digest('hex');
		const before = refused.get(id);
		if (before?.digest === digest && before.refusal !== 'notYetValid') return;
		const install = kind === 'productLicence' ? licensing.installLicence : licensing.installStatement;
		const installed = await install(text, null);
		if (!('refusal' in installed)) {
			refused.delete(id);
			return;
		}
		const { refusal, detail } = installed;
		if (before?.digest === digest && before.refusal === refusal) return;
		refused.set(id, { id, digest, refusal, detail, atMs: clock.nowMs() });
		log.warn({ row: id, kind, refusal, detail }, 'a licence document of central was refused');
		store.transaction(() =>
			store.journal.append({
				...{ type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs(), operatorId: null },
				...{ action: 'licenceDocumentRefused', target: id, detail: { refusal, kind } },
			}),
		);
		deps.journalGrew();
	}

	async function lookOnce(): Promise<void> {
		cancel();
		try {
			const sent = rows();
			for (const id of refused.keys()) if (!sent.some((row) => row.id === id)) refused.delete(id);
			for (const row of sent) await take(row);
		} catch (error) {
			log.warn({ err: error }, 'the licences that central sent could not be looked at');
		}
		if (!isStopped) cancel = clock.after(LOOK_EVERY_MS, () => void self.look());
	}

	const self: SentDocuments = {
		look() {
			looking = looking.then(lookOnce);
			return looking;
		},
		refused: () => [...refused.values()].map(({ digest: _, ...one }) => one),
		stop() {
			isStopped = true;
			cancel();
		},
	};
	return self;
}
