import { assistant } from './assistant.policy.ts';

process.stdout.write(assistant.yaml);
