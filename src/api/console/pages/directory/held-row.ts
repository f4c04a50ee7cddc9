import { GatewayError } from '../../../../gateway/core/gateway-error.ts';
import type { HeldRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { belongsTo } from '../../../http/directory-faces.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import type { DirectoryFace } from './face-links.ts';

/** Throws NOT_FOUND where the face has no such row. */
export function rowOf({ edits }: Pick<ConsoleDeps, 'edits'>, face: DirectoryFace, key: string): HeldRow {
	const held = edits.get(face.table, key);
	if (held === undefined || !belongsTo(face, held.row)) throw new GatewayError('NOT_FOUND', 'There is no such row.');
	return held;
}
