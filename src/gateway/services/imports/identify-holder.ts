import { foldText } from '../../core/fold-text.ts';
import type { PlainRow } from '../../store/import-file.ts';
import type { CredentialText } from './import-fields.ts';
import { type Complain, type PlanDeps, refuseFor, someOf } from './plan-context.ts';

export interface KindedCredential extends CredentialText {
	readonly kind: 'tag' | 'plate';
}

export function credentialsOf(values: PlainRow): readonly KindedCredential[] {
	return (['tag', 'plate'] as const).flatMap((kind) => {
		// The parser of these columns gives nothing else.
		const texts = (values[kind] ?? []) as readonly CredentialText[];
		const byValue = new Map(texts.map((text) => [text.value, { ...text, kind }]));
		return [...byValue.values()];
	});
}

export function textOf(values: PlainRow, field: string): string | null {
	const value = values[field];
	return typeof value === 'string' ? value : null;
}

/** Of one column, of two, or what a vehicle is known by. */
export function nameOf(
	values: PlainRow,
	kind: 'person' | 'vehicle',
	credentials: readonly KindedCredential[],
): string | null {
	const name = textOf(values, 'name');
	if (name !== null) return name;
	const parts = [textOf(values, 'firstName'), textOf(values, 'lastName')].filter((part) => part !== null);
	if (parts.length > 0) return parts.join(' ');
	const plate = kind === 'vehicle' ? credentials.find((credential) => credential.kind === 'plate') : undefined;
	return plate === undefined ? null : (plate.label ?? plate.value);
}

/** Who has a card or plate now. */
export function ownerOf(
	{ reader }: Pick<PlanDeps, 'reader'>,
	kind: 'tag' | 'plate',
	value: string,
): string | undefined {
	const [id] = reader.find('credentials', { value, kind }, 1);
	return id === undefined ? undefined : reader.row('credentials', id)?.holderId;
}

/**
 * A row is the holder of its id, else external number, else e-mail address (and name, where several share it), else of
 * its card or plate if the name fits, else of its name where only one has it and no address tells them apart.
 *
 * @returns null: none of them, a new one. Ends the planning when it may be several.
 */
export function identifyHolder(
	deps: PlanDeps,
	kind: 'person' | 'vehicle',
	values: PlainRow,
	name: string | null,
	credentials: readonly KindedCredential[],
	complain: Complain,
): string | null {
	const { reader, references } = deps;
	const id = textOf(values, 'id');
	if (id !== null) {
		const row = reader.row('holders', id);
		if (row !== undefined && row.kind !== kind)
			refuseFor(complain('id', 'notAllowed', { shown: id, detail: row.kind }));
		return row === undefined ? null : id;
	}
	const externalId = textOf(values, 'externalId');
	const email = textOf(values, 'email');
	const ofKind = (ids: readonly string[]) => ids.filter((key) => reader.row('holders', key)?.kind === kind);
	const [byNumber] = externalId === null ? [] : ofKind(references.by('holders', 'externalId', externalId));
	if (byNumber !== undefined) return byNumber;
	// Somebody with another number is somebody else.
	const free = (ids: readonly string[]) =>
		ofKind(ids).filter((key) => externalId === null || (reader.row('holders', key)?.externalId ?? null) === null);
	const named = (ids: readonly string[]) =>
		ids.filter((key) => name === null || foldText(reader.row('holders', key)?.name ?? '') === foldText(name));
	const byEmail = email === null ? [] : free(references.by('holders', 'email', email));
	const owners = new Set(credentials.flatMap((credential) => ownerOf(deps, credential.kind, credential.value) ?? []));
	const ways: readonly (readonly [field: string, found: readonly string[]])[] = [
		['email', byEmail.length > 1 ? named(byEmail) : byEmail],
		['tag', named(free([...owners]))],
		['name', name === null || email !== null ? [] : free(references.by('holders', 'name', name))],
	];
	const [field, found] = ways.find(([, ids]) => ids.length > 0) ?? ['name', []];
	if (found.length > 1) refuseFor(complain(field, 'ambiguous', { shown: email ?? name ?? '', detail: someOf(found) }));
	return found[0] ?? null;
}
