import { simulation } from './run.js';
import { upwell } from './upwell.js';

simulation(upwell);
