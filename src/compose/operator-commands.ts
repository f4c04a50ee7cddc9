import type { HandedCode, OperatorHandlers } from '../api/cli/operator-handlers.ts';
import { refusalText } from '../api/http/operator-problems.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { findMapping, optionsOf } from '../gateway/services/imports/import-mappings.ts';
import type { CodeAnswer } from '../gateway/services/operators/operator-administration.ts';
import type { Actor } from '../gateway/services/operators/operators-deps.ts';
import type { NamedColumn } from '../gateway/services/tables/map-columns.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';
import { consoleAddress, operatorsBeside } from './store-beside.ts';

/** Whoever has the machine may do everything. */
const AT_THE_MACHINE: Actor = { operatorId: null, access: null };

/** Operators from the command line, beside the running gateway: a way back in when nobody can sign in. */
export const operatorCommands: OperatorHandlers = {
	addOperator({ configFile, email, name, roles }) {
		const config = requireConfigWithoutSecrets(configFile);
		using beside = operatorsBeside(config);
		if (beside.operators.unclaimed()) {
			throw unclaimedGateway();
		}
		const answer = beside.operators.administration.invite({ email, name, roles }, AT_THE_MACHINE);
		return Promise.resolve(handed(answer, email, consoleAddress(config)));
	},

	resetPassword({ configFile, email }) {
		const config = requireConfigWithoutSecrets(configFile);
		using beside = operatorsBeside(config);
		const { administration } = beside.operators;
		const id = administration.idOf(email);
		if (id === undefined) throw nobody(email);
		return Promise.resolve(handed(administration.newCode(id, AT_THE_MACHINE), email, consoleAddress(config)));
	},

	async importOperators({ configFile, fileName, bytes, mapping, dryRun }) {
		const config = requireConfigWithoutSecrets(configFile);
		using beside = operatorsBeside(config);
		const { imports, unclaimed } = beside.operators;
		if (unclaimed()) throw unclaimedGateway();
		const named = mapping === undefined ? [] : namedColumns(beside.store, mapping);
		const read = await imports.preview({ fileName, bytes }, named, AT_THE_MACHINE);
		const refusals = read.rows.flatMap(({ row, refusal }) =>
			refusal === null ? [] : [{ row, problem: refusalText(refusal) }],
		);
		const couldBe = { import: read, refusals, codes: [], isWell: read.stage === 'previewed' && refusals.length === 0 };
		if (dryRun || !couldBe.isWell) {
			imports.discard(read.id);
			return couldBe;
		}
		const answer = imports.apply(read.id, AT_THE_MACHINE);
		if (answer.result !== 'done')
			throw new GatewayError(
				'CONFLICT',
				'Somebody changed the same operators meanwhile; nothing was changed. Try again.',
			);
		const address = consoleAddress(config);
		const codes = answer.codes.map(({ operatorId: id, email, code, endsAtMs }) => ({
			...{ id, email, code, endsAtMs, url: `${address}/activate?code=${code}` },
		}));
		return { ...couldBe, import: answer.import, codes };
	},

	resetSecondFactor({ configFile, email }) {
		using beside = operatorsBeside(requireConfigWithoutSecrets(configFile));
		const { administration, secondFactors } = beside.operators;
		const id = administration.idOf(email);
		if (id === undefined) throw nobody(email);
		return Promise.resolve(secondFactors.reset(id, AT_THE_MACHINE) === 'reset');
	},
};

/** Throws NOT_FOUND. */
function namedColumns(store: SiteStore, mapping: string): readonly NamedColumn[] {
	const found = findMapping(store, 'operators', mapping);
	if (found !== undefined) return optionsOf(found).named ?? [];
	throw new GatewayError('NOT_FOUND', `There is no saved mapping ${JSON.stringify(mapping)} for operators.`);
}

function unclaimedGateway(): GatewayError {
	return new GatewayError('CONFLICT', 'This gateway has no administrator yet; run parkgate claim.');
}

function nobody(email: string): GatewayError {
	return new GatewayError('NOT_FOUND', `Nobody signs in with ${JSON.stringify(email)} here.`);
}

function handed(answer: CodeAnswer, email: string, address: string): HandedCode {
	if (answer.result === 'code') {
		const { code, endsAtMs, operator } = answer;
		return { id: operator.id, email: operator.email, code, url: `${address}/activate?code=${code}`, endsAtMs };
	}
	throw new GatewayError(
		'CONFLICT',
		REFUSED[answer.result]?.(email, 'name' in answer ? answer.name : '') ?? answer.result,
	);
}

const REFUSED: Readonly<Partial<Record<CodeAnswer['result'], (email: string, name: string) => string>>> = {
	emailTaken: (email) => `${email} signs in here already; parkgate operator reset-password gives them a new code`,
	unknownRole: (_, name) => `there is no role ${JSON.stringify(name)}`,
	unknownScope: (_, name) => `the site has no ${JSON.stringify(name)}; give site, park:ID or area:ID`,
	tooMany: () => 'there are as many operators as a site may have',
	noPassword: (email) => `${email} is deactivated; an administrator activates them first`,
};
