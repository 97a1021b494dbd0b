import { midnight } from './midnight.js';
import { simulation } from './run.js';

simulation(midnight);
