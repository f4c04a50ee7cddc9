export const MODERATION_PATH = '/moderation';

export type ModerationAct = 'blur' | 'hold' | 'release' | 'delete';

/** The page of one picture, or where a form about it goes. */
export function pictureHref(imageId: string, act?: ModerationAct): string {
	return act === undefined ? `${MODERATION_PATH}/${imageId}` : `${MODERATION_PATH}/${imageId}/${act}`;
}

/** The picture itself; the small form is told apart by its version, so that a blurred one is shown at once. */
export function pictureSource({ id, revision }: { id: string; revision: number }, form: 'image' | 'thumbnail'): string {
	return `/api/v1/evidence/${id}/${form}?v=${revision}`;
}
