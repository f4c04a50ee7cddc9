import type { HandedCode, OperatorHandlers } from '../api/cli/operator-handlers.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { CodeAnswer } from '../gateway/services/operators/operator-administration.ts';
import type { Actor } from '../gateway/services/operators/operators-deps.ts';
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
			throw new GatewayError('CONFLICT', 'This gateway has no administrator yet; run parkgate claim.');
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

	resetSecondFactor({ configFile, email }) {
		using beside = operatorsBeside(requireConfigWithoutSecrets(configFile));
		const { administration, secondFactors } = beside.operators;
		const id = administration.idOf(email);
		if (id === undefined) throw nobody(email);
		return Promise.resolve(secondFactors.reset(id, AT_THE_MACHINE) === 'reset');
	},
};

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
