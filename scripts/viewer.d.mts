export function ensureViewer(): void;
