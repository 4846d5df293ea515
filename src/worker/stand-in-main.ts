/** The scripted stand-in as a process: `node stand-in-main.js PORT`. */
import { demoScenario } from '../adapters/stand-in/demo-scenario.ts';
import { startStandIn } from '../adapters/stand-in/stand-in.ts';

const [port = ''] = process.argv.slice(2);
await startStandIn({ port: Number(port), scenario: demoScenario });
process.on('SIGTERM', () => process.exit(0));
