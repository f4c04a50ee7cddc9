import type { EvidenceRefusal, EvidenceSettings } from '../../core/evidence.ts';
import type { Observation } from '../../core/observation.ts';
import type { EvidenceImageRow, EvidenceLinkRow } from '../../store/evidence.ts';
import type { EvidenceQuery } from '../../store/evidence-reads.ts';
import type { DecisionSummary, Page } from '../access-log.ts';
import type { Step } from '../lanes/lane-engine.ts';
import type { TakeStills } from './stills.ts';

export type { EvidenceImageRow };

/** A kept picture with the reads it belongs to, the earliest first. */
export interface EvidenceItem {
	readonly image: EvidenceImageRow;
	/** Somebody keeps it now. */
	readonly isHeld: boolean;
	readonly reads: readonly EvidenceRead[];
}

export interface EvidenceRead extends Pick<EvidenceLinkRow, 'observationId' | 'role' | 'deviceId' | 'atMs'> {
	/** null: no lane looked at it. */
	readonly laneId: string | null;
	/** null: none was made on it, or it was erased. */
	readonly decision: DecisionSummary | null;
}

export interface EvidenceFile {
	readonly contentType: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** Changes with the picture. */
	readonly version: string;
}

export interface EvidenceListQuery extends Omit<EvidenceQuery, 'nowMs' | 'before' | 'lookAt' | 'limit'> {
	readonly cursor?: string;
	readonly limit: number;
}

export interface EvidenceStatus extends EvidenceSettings {
	readonly images: number;
	readonly bytes: number;
	readonly held: number;
	/** Not looked at yet. */
	readonly waiting: number;
	/** Since the start. */
	readonly refused: Readonly<Partial<Record<EvidenceRefusal, number>>>;
}

/** Pictures of reads: kept once, within bounds, and shown to who may see them. */
export interface Evidence {
	/** Newest first. A page may be short, even empty, and go on. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: EvidenceListQuery): Page<EvidenceItem>;
	get(id: string): EvidenceItem | undefined;
	ofDecision(decisionId: string): readonly EvidenceItem[];
	/** That somebody looks at it is audited, once an hour; throws STORE_* where that can't be: then it is not shown. undefined: there is none, or it is deleted. */
	image(id: string, operatorId: string): Promise<EvidenceFile | undefined>;
	thumbnail(id: string): Promise<EvidenceFile | undefined>;
	status(): EvidenceStatus;
}

/** What goes in from the lanes' side: after them, never before. */
export interface EvidenceSource {
	/** @param takeStills pictures that are taken of it besides */
	seen(observation: Observation, takeStills?: TakeStills): void;
	onCommitted(steps: readonly Step[]): void;
}
