export const CONNECTORS_PATH = '/connectors';
