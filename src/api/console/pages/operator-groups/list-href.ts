/** Of one of the two lists that the page shows. */
export function hrefAfter(path: string, list: 'cursor' | 'groups', cursor: string | null): string | undefined {
	return cursor === null ? undefined : `${path}?${new URLSearchParams({ [list]: cursor })}`;
}
