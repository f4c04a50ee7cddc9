/** How the site stands with central; plain data for pages, metrics and `/readyz`. */
export interface SyncStatus {
	/** false: standalone, no `mqtt:` section. */
	readonly configured: boolean;
	readonly connected: boolean;
	readonly problem: string | null;
	readonly sinceMs: number;
	/** Journal rows central has not acknowledged. */
	readonly outboxDepth: number;
	readonly lastAckAtMs: number | null;
	readonly streams: readonly { readonly stream: string; readonly rev: number; readonly syncedAtMs: number | null }[];
}
