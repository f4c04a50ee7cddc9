import type { Language } from '../../gateway/core/reason-texts/reason-text.ts';
import type { HandOver } from '../../gateway/services/hand-over/hand-overs.ts';
import type { Campaign } from '../../gateway/services/marketing/campaigns.ts';

/** What the commands of reports need done, beside the running gateway; see `CliHandlers`. */
export interface ReportHandlers {
	/** The newest first, at most `limit`. */
	listHandOvers(options: { readonly configFile: string; readonly limit: number }): Promise<readonly HandOver[]>;
	/** As a PDF file. Throws NOT_FOUND; CONFLICT for one that is not intact. */
	printHandOver(options: PrintHandOverOptions): Promise<Uint8Array>;
	/** The newest first, with their last counts, at most `limit`. */
	listCampaigns(options: { readonly configFile: string; readonly limit: number }): Promise<readonly Campaign[]>;
}

interface PrintHandOverOptions {
	readonly configFile: string;
	readonly id: string;
	readonly language: Language;
}
