/** The mail catcher as a process: `node mail-catcher-main.js FOLDER SMTP_PORT PAGE_PORT`. */
import { startMailCatcher } from '../adapters/mail-catcher/mail-catcher.ts';
import { startMailPage } from '../adapters/mail-catcher/mail-page.ts';

const [folder = '', smtpPort = '', pagePort = ''] = process.argv.slice(2);
const catcher = await startMailCatcher(folder, Number(smtpPort));
await startMailPage(catcher, Number(pagePort));
process.on('SIGTERM', () => process.exit(0));
