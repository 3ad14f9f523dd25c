// The tests of what needs no VS Code; `npm run test:client` bundles this file and runs it.

import './last.test.ts';
import './links.test.ts';
import './pasted.test.ts';
import './pyproject.test.ts';
import './pythons.test.ts';
import './queue.test.ts';
