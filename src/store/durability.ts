/**
 * When a change counts as kept, and may be answered.
 */

/**
 * `full`: when the disk has it, so that neither a kill nor a loss of power takes it away. `relaxed`: when the operating
 * system has it; a loss of power may take the last second. `memory`: at once; nothing outlasts the process.
 */
export const durabilities = ['full', 'relaxed', 'memory'] as const;

export type Durability = (typeof durabilities)[number];
