import type { ExportAsk } from '../../gateway/services/directory/export-directory.ts';
import type { AskedMoment } from './moment.ts';

/** What the commands that take lists along need done; see `CliHandlers`. */
export interface ExportHandlers {
	/** A list of the directory; journalled. @returns its rows. Throws INVALID_REQUEST for a filter that is none. */
	exportTable(options: ExportCommandOptions): Promise<number>;
	/** What stays were charged; journalled. Throws INVALID_REQUEST for a span that ends before it begins. */
	exportCharges(options: ChargesCommandOptions): Promise<void>;
	/** The access log, the newest first; journalled. Throws INVALID_REQUEST for a filter that is none. */
	exportDecisions(options: DecisionsCommandOptions): Promise<void>;
	/** Who has which licence, or what was given and taken; journalled. Throws INVALID_REQUEST for a kind that is none. */
	exportLicences(options: LicencesCommandOptions): Promise<void>;
}

export interface DecisionsCommandOptions
	extends Pick<ExportCommandOptions, 'configFile' | 'format' | 'language' | 'write' | 'onProgress'> {
	/** Words of plate, card label or name. */
	readonly q?: string;
	readonly where: Readonly<Record<string, readonly string[]>>;
	readonly from?: AskedMoment;
	readonly to?: AskedMoment;
}

export interface ExportCommandOptions extends Omit<ExportAsk, 'sight'> {
	readonly configFile: string;
	/** Takes the file's bytes as they are made. */
	readonly write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>;
	readonly onProgress: (rows: number, total: number) => void;
	readonly signal: AbortSignal;
}

export interface ChargesCommandOptions
	extends Pick<ExportCommandOptions, 'configFile' | 'format' | 'language' | 'write'> {
	readonly from: AskedMoment;
	/** Absent: now. */
	readonly to?: AskedMoment;
}

export interface LicencesCommandOptions
	extends Pick<ExportCommandOptions, 'configFile' | 'format' | 'language' | 'write' | 'onProgress'> {
	readonly list: 'licences' | 'licence-history';
	/** Of licences: words of name or e-mail. */
	readonly q?: string;
	readonly kind?: string;
	/** Of the history. */
	readonly from?: AskedMoment;
	readonly to?: AskedMoment;
}
