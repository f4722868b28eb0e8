// The language of the console, the same one as of all pages.

import { en } from './en.js';

export const words = en;
