/**
 * paydouble's version, as package.json has it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { object, text } from './document.js';
import { parse } from './json.js';
import { root } from './paths.js';

/** `0.1.0` */
export const version = text(object(parse(readFileSync(join(root, 'package.json'), 'utf8'))).version, '0');
