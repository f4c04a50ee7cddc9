import { GatewayError } from '../../core/gateway-error.ts';
import type { Moderation } from '../evidence/moderation.ts';
import { createLogistic, type Logistic, type LogisticDeps } from './logistic.ts';
import { createReviewQueue, type ReviewQueue, type ReviewQueueDeps } from './review-queue.ts';
import { createScan, type Scan, type ScanDeps } from './scan.ts';

/** Kinds of work on the ground that are licensed one by one. */
export type FieldWorkKind = 'scan' | 'logistic' | 'review' | 'moderation';

/** The work of people on the ground. Each part is handed out to one operator, and throws FORBIDDEN for who has no licence of its kind. */
export interface FieldWork {
	scan(operatorId: string): Scan;
	logistic(operatorId: string): Logistic;
	review(operatorId: string): ReviewQueue;
	moderation(operatorId: string): Moderation;
}

export interface FieldWorkDeps extends ScanDeps, LogisticDeps, ReviewQueueDeps {
	readonly site: ScanDeps['site'] & LogisticDeps['site'];
	readonly store: LogisticDeps['store'] & ReviewQueueDeps['store'];
	readonly directory: ScanDeps['directory'] & LogisticDeps['directory'] & ReviewQueueDeps['directory'];
	readonly moderation: Moderation;
	readonly accessLog: ScanDeps['accessLog'] & ReviewQueueDeps['accessLog'];
	/** Whether the product licence gives the operator this kind; everybody has every kind unless given. */
	readonly isLicensed?: (kind: FieldWorkKind, operatorId: string) => boolean;
}

export function createFieldWork(deps: FieldWorkDeps): FieldWork {
	const { isLicensed = () => true } = deps;
	const parts = {
		scan: createScan(deps),
		logistic: createLogistic(deps),
		review: createReviewQueue(deps),
		moderation: deps.moderation,
	};
	function part<K extends FieldWorkKind>(kind: K): (operatorId: string) => (typeof parts)[K] {
		return (operatorId) => {
			if (isLicensed(kind, operatorId)) return parts[kind];
			throw new GatewayError('FORBIDDEN', `This needs a licence of the kind ${kind}; an administrator can give it.`);
		};
	}
	return { scan: part('scan'), logistic: part('logistic'), review: part('review'), moderation: part('moderation') };
}
