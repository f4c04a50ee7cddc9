/** Names of what an import's file holds besides its changes. */
export const REQUEST_PART = 'request';
export const PREVIEW_PART = 'preview';
export const STATE_PART = 'state';
