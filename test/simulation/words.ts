import type { JournalEntry } from '../../src/gateway/core/journal.ts';

/** A row of the journal as one line for people. */
export function inWords(entry: JournalEntry): string {
	switch (entry.type) {
		case 'decision': {
			const { laneId, decision, subject, vendId, facts } = entry;
			const outcome = decision.outcome === 'granted' ? 'granted' : `refused ${decision.headline}`;
			const areas = facts.areas.map(({ areaId, occupied, reserved, capacity }) => {
				return `${areaId} ${occupied}+${reserved}/${capacity}`;
			});
			const who = decision.holderId ?? 'nobody';
			return `journal: ${laneId} ${outcome} ${who} by "${subject}" [${areas.join(', ')}] vend ${vendId ?? 'none'}`;
		}
		case 'vend': {
			const outcome = entry.outcome === 'requested' ? 'requested' : entry.outcome.result;
			return `journal: ${entry.laneId} vend ${entry.vendId} ${outcome}`;
		}
		case 'passage': {
			const { laneId, from, to, certainty, holderId, vendId } = entry;
			return `journal: ${laneId} passage ${entry.id} ${from} → ${to} (${certainty}) ${holderId ?? 'nobody'} vend ${vendId ?? 'none'}`;
		}
		case 'lane':
			return `journal: ${entry.laneId} ${entry.event} ${JSON.stringify(entry.detail)}`;
		case 'stay':
			return `journal: stay ${entry.stayId} ${entry.event} ${JSON.stringify(entry.detail)}`;
		case 'device':
			return `journal: device ${entry.deviceId} ${entry.state} ${entry.problem ?? ''}`;
		case 'edit':
			return `journal: ${entry.operatorId} edits ${entry.table} ${entry.key}`;
		case 'evidence':
			return `journal: ${entry.images.length} pictures of ${entry.observationId}`;
		case 'gap':
			return `journal: ${entry.count} rows of ${entry.of} dropped`;
		case 'audit':
			return `journal: ${entry.operatorId} ${entry.action} ${entry.target} ${JSON.stringify(entry.detail)}`;
	}
}
