import type { ExportAsk } from '../../gateway/services/directory/export-directory.ts';
import type { AskedMoment } from './moment.ts';

/** What the commands that take lists along need done; see `CliHandlers`. */
export interface ExportHandlers {
	/** A list of the directory; journalled. @returns its rows. Throws INVALID_REQUEST for a filter that is none. */
	exportTable(options: ExportCommandOptions): Promise<number>;
	/** What stays were charged; journalled. Throws INVALID_REQUEST for a span that ends before it begins. */
	exportCharges(options: ChargesCommandOptions): Promise<void>;
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
