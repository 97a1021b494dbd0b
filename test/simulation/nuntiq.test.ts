import { nuntiq } from './nuntiq.js';
import { simulation } from './run.js';

simulation(nuntiq);
