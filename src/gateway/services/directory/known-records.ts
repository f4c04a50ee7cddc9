import { isDirectoryTable } from '../../core/directory.ts';
import type { Scope } from '../../core/permission/scope.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';

/** Whether a permission can be given for such a group, scheme or record: the directory has it, or the site such a device. */
export function createKnownRecords(
	directory: Pick<DirectoryReader, 'row'>,
	hasDevice: (deviceId: string) => boolean,
): (scope: Scope) => boolean {
	return (scope) => {
		switch (scope.kind) {
			case 'group':
				return directory.row('groups', scope.id) !== undefined;
			case 'bundle':
				return directory.row('bundles', scope.id) !== undefined;
			case 'record': {
				const [table = '', id = ''] = scope.id.split(/\/(.*)/su);
				if (table === 'devices') return hasDevice(id);
				return isDirectoryTable(table) && directory.row(table, id) !== undefined;
			}
			default:
				return false;
		}
	};
}
