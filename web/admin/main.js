// The console of an organization, for its admins and owners.

import { enter } from '../lib/enter.js';
import { ownProblem, showFault } from '../lib/problem.js';
import './icons.js';
import { Console } from './console.js';

async function start() {
  const who = await enter();
  if (who.session.state === 'PENDING') return location.replace('/setup/');
  if (who.session.role === 'member') return showFault(ownProblem('not-allowed'));
  new Console(who).start();
}

start();
