import { logisense } from './logisense.js';
import { simulation } from './run.js';

simulation(logisense);
