import type { Holder } from '../../core/directory.ts';
import { foldText } from '../../core/fold-text.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

/** A holder as people choose one: two of the same name differ by what they carry. */
export interface HolderHit extends Pick<Holder, 'id' | 'name' | 'kind' | 'status'> {
	/** Tags and plates, as they are written on them; some. */
	readonly carries: readonly { readonly kind: 'tag' | 'plate'; readonly text: string }[];
}

type Reader = Pick<DirectoryReader, 'read' | 'holder' | 'holdersByName' | 'credentialsOf'>;

/** Holders whose name is searched for the other words once one word was found. */
const LOOKED_AT = 500;
const CARRIED_SHOWN = 4;

/** Holders with words of their name (or their e-mail) that begin like every word of `text`; at most `limit`. */
export function findHolders(directory: Reader, text: string, limit: number): readonly HolderHit[] {
	const words = foldText(text).split(' ').filter(Boolean);
	const [longest, ...others] = words.toSorted((a, b) => b.length - a.length);
	if (longest === undefined) return [];
	return directory.read(() =>
		directory
			.holdersByName(longest, others.length === 0 ? limit : LOOKED_AT)
			.filter(({ name, email }) => {
				const has = foldText(`${name} ${email ?? ''}`).split(' ');
				return others.every((word) => has.some((part) => part.startsWith(word)));
			})
			.slice(0, limit)
			.map((holder) => toHit(directory, holder)),
	);
}

export function holderHit(directory: Reader, holderId: string): HolderHit | undefined {
	const holder = directory.holder(holderId);
	return holder === undefined ? undefined : toHit(directory, holder);
}

function toHit(directory: Reader, { id, name, kind, status }: Holder): HolderHit {
	const carries = directory
		.credentialsOf(id)
		.flatMap((credential) =>
			credential.kind === 'tag' || credential.kind === 'plate'
				? [{ kind: credential.kind, text: credential.label ?? credential.value }]
				: [],
		)
		.slice(0, CARRIED_SHOWN);
	return { id, name, kind, status, carries };
}
