import { simulation } from './run.js';
import { staxbill } from './staxbill.js';

simulation(staxbill);
