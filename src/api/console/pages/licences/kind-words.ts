import { licenceKindText } from '../../../../gateway/core/licence/licence-kind-texts.ts';
import { isLicenceKind } from '../../../../gateway/core/licence/licence-kinds.ts';
import type { Ui } from '../../ui.ts';

/** What a kind of licence is called; its own name where this version does not know it. */
export function kindName({ language }: Pick<Ui, 'language'>, kind: string): string {
	return kind === 'camera' || isLicenceKind(kind) ? licenceKindText(kind, language).name : kind;
}
