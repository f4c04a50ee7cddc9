export const CHARGES_PATH = '/charges';

export const creditsPath = (rightId: string) => `/rights/${encodeURIComponent(rightId)}/credits`;
