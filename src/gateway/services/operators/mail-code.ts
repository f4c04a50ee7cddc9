import type { OperatorRow } from '../../store/operators.ts';
import { knownLanguage } from './access-of-operator.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';

/** Sends a code on its way, once it is committed; in the language of who asked where theirs is not known. */
export function mailCode(
	{ store: { operators }, codeMails }: Pick<OperatorsParts, 'store' | 'codeMails'>,
	{ id, email, name, state, language }: Pick<OperatorRow, 'id' | 'email' | 'name' | 'state' | 'language'>,
	{ code, endsAtMs }: { readonly code: string; readonly endsAtMs: number },
	by: Actor,
): void {
	const asked = by.operatorId === null ? undefined : operators.operatorById(by.operatorId)?.language;
	const spoken = knownLanguage(language ?? asked ?? null) ?? 'en';
	codeMails?.put(id, { to: email, name, language: spoken, code, endsAtMs, isInvitation: state === 'invited' });
}
