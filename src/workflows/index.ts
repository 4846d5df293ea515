export { agentSession } from './session.ts';
