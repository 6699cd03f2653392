// k6, see the script beside.
import { runK6 } from '../../lib/k6.mjs';

runK6(new URL('k6-script.js', import.meta.url));
