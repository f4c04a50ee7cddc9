import { describe, expect, test } from 'vitest';
import { auditTold, HIDDEN } from '../../../../src/gateway/core/audit/audit-changes.ts';
import { auditedAction, said } from '../../../../src/gateway/core/audit/audited-action.ts';
import type { AuditEntry, EditEntry } from '../../../../src/gateway/core/journal.ts';

const ALL = { personal: true };

function entry(detail: AuditEntry['detail'], action = 'operatorChanged'): AuditEntry {
	return { type: 'audit', class: 'audit', id: 'a-1', atMs: 1, operatorId: 'o-1', action, target: 't-1', detail };
}

function edit(
	before: EditEntry['before'],
	after: EditEntry['after'],
	table: EditEntry['table'] = 'holders',
): EditEntry {
	const about = { operatorId: 'o-1', batchId: 'b-1', key: 'h-1', baseRev: 1 };
	return { type: 'edit', class: 'audit', id: 'e-1', atMs: 1, table, ...about, before, after };
}

describe('what a line of the audit tells', () => {
	test('pairs what was before with what is after, in each of the ways services write it', () => {
		expect(auditTold(entry({ rolesBefore: 'a', roles: 'b', name: true }), ALL)).toEqual({
			changes: [{ field: 'roles', before: 'a', after: 'b' }],
			facts: { name: true },
		});
		expect(auditTold(entry({ before: 3, after: 5, reason: 'counted' }), ALL)).toEqual({
			changes: [{ field: 'value', before: 3, after: 5 }],
			facts: { reason: 'counted' },
		});
		const json = { before: '{"idleMs":1,"same":2}', after: '{"idleMs":3,"same":2}' };
		expect(auditTold(entry(json), ALL).changes).toEqual([{ field: 'idleMs', before: 1, after: 3 }]);
	});

	test('tells of an edit the fields that differ only', () => {
		const was = { id: 'h-1', name: 'Anna', state: 'active', note: '' };
		expect(auditTold(edit(was, { ...was, name: 'Zoë', note: null }), ALL).changes).toEqual([
			{ field: 'name', before: 'Anna', after: 'Zoë' },
		]);
	});

	test('masks personal data for who may not read it, and hides codes from everybody', () => {
		const was = { id: 'h-1', name: 'Anna' };
		const [name] = auditTold(edit(was, { ...was, name: 'Zoë' }), { personal: false }).changes;
		expect(name).toEqual({ field: 'name', before: 'A•••', after: 'Z•••' });
		const code = { id: 'c-1', kind: 'qr', value: 'let-me-in', label: null };
		const told = auditTold(edit(code, { ...code, value: 'another-code' }, 'credentials'), ALL);
		expect(told.changes).toEqual([{ field: 'value', before: HIDDEN, after: HIDDEN }]);
	});

	test('shows nothing under the name of a secret, whoever wrote it there', () => {
		const told = auditTold(entry({ password: 'heron', csrf: 'x', tokenHash: 'y', token: 'Night export' }), ALL);
		expect(told.facts).toEqual({ password: HIDDEN, csrf: HIDDEN, tokenHash: HIDDEN, token: 'Night export' });
	});

	test('a text that is no object is taken as it is', () => {
		expect(auditTold(entry({ before: '{oops', after: '{"a":1}' }), ALL).changes).toEqual([
			{ field: 'value', before: '{oops', after: '{"a":1}' },
		]);
	});
});

describe('what counts as done by somebody', () => {
	test('an operator’s vend does once, and what a card opened does not', () => {
		const vend = { type: 'vend', class: 'decision', id: 'v', atMs: 1, laneId: 'L1', vendId: 'v-1' } as const;
		const asked = { ...vend, decisionId: null, operatorId: 'o-1', reason: 'lost card', outcome: 'requested' } as const;
		expect(auditedAction(asked)).toMatchObject({ kind: 'lanes', verb: 'opened', operatorId: 'o-1', target: 'L1' });
		expect(auditedAction({ ...asked, outcome: { result: 'done' } })).toBeUndefined();
		expect(auditedAction({ ...asked, operatorId: null, decisionId: 'd-1' })).toBeUndefined();
	});

	test('an action of a later version is told by its name', () => {
		expect(said('somethingNew')).toEqual({ kind: 'other', verb: 'done' });
		expect(said('constructor')).toEqual({ kind: 'other', verb: 'done' });
	});
});
