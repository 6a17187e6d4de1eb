/** The name of the guide's own cache: one for each language's folder, and nothing else on the origin is touched. */

export const cacheNameStart = (scope: string): string => `guide ${new URL(scope).pathname} `;
