/** Pages in the WAL of `site.db`, and how many of them are in the file too. */
export interface WalPages {
	readonly written: number;
	readonly copied: number;
}

/** What the thread that copies the WAL back is asked, and answers. */
export interface WalCommands {
	copyBack: { ask: null; answer: WalPages };
	close: { ask: null; answer: null };
}

/** Given to the thread at its start. */
export interface WalWorkerData {
	/** Absolute path of `site.db`. */
	readonly siteFile: string;
}
