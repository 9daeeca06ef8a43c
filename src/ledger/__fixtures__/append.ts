import { openLedgerLog } from '../record/log.ts';
import { ledgerOf, spanOf } from './ledger.ts';

// A process that appends ledgers to a file others append to as well.
const [, , path = '', requestId = '', count = '0'] = process.argv;
const spans = Array.from({ length: 150 }, (_, at) => spanOf({ start: at, end: at + 1 }));
const log = openLedgerLog({ path, text: true, onTrouble: () => process.exit(1) });
for (let n = 0; n < Number(count); n++) await log.append(ledgerOf({ requestId, spans }));
