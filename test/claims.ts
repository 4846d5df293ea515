/** What README.md promises, sentence by sentence, and the tests that attack each: file, and beginning of a title. */
export interface Claim {
  readonly id: string;
  readonly promise: string;
  readonly tests: readonly (readonly [file: string, title: string])[];
}

export const CLAIMS: readonly Claim[] = [
  {
    id: 'default-deny',
    promise: 'What no rule allows is denied, and so is everything else that is absent, broken or unknown.',
    tests: [
      ['policy/properties.long.test.ts', 'S2: any JSON in, canonical or denied'],
      ['policy/decide-action.test.ts', 'a matcher that throws denies, whatever else would allow'],
      [
        'e2e/arrivals.long.test.ts',
        'S2: a tool that the profile does not grant, one that nobody has and invalid arguments',
      ],
      ['e2e/approval.test.ts', 'S2: a policy that broke while the request waited denies'],
    ],
  },
  {
    id: 'deny-wins',
    promise: 'No order of rules, no approval and no profile turns a denial into anything else.',
    tests: [
      [
        'policy/properties.long.test.ts',
        'S3: the order of rules and flows changes neither the decision nor what is said',
      ],
      ['policy/properties.long.test.ts', 'S3: %s never widens'],
      ['e2e/approval.test.ts', 'S3: a rule that was tightened while the request waited is obeyed'],
    ],
  },
  {
    id: 'tested-policy',
    promise:
      'A policy file that is broken, or of which an example, a test or a lint fails, does not load, and everything is denied.',
    tests: [
      ['policy/file-tests.test.ts', 'fails, and the file does not load: %s'],
      ['policy/properties.long.test.ts', 'S2: any text in, a policy or its problems out'],
      ['e2e/approval.test.ts', 'S2: a policy that broke while the request waited denies'],
    ],
  },
  {
    id: 'within',
    promise: 'A profile that is declared to be within another is never decided more freely than that one.',
    tests: [
      ['policy/lints.properties.long.test.ts', 'within that is proven holds: the child is never decided more freely'],
    ],
  },
  {
    id: 'only-stricter',
    promise: 'What a session has spent, repeated or seen makes decisions stricter, and never wider.',
    tests: [
      ['policy/properties.long.test.ts', 'S2: spending, repeating or seeing more never widens'],
      ['e2e/limits-and-flows.test.ts', 'calls of one turn cannot share what is left'],
      ['e2e/limits-and-flows.test.ts', 'once both were seen, what was allowed asks'],
    ],
  },
  {
    id: 'candidate',
    promise: 'A candidate policy, tried beside the one in force or on recorded sessions, changes no decision.',
    tests: [
      ['e2e/limits-and-flows.test.ts', 'a candidate that would allow lets nothing through'],
      ['e2e/limits-and-flows.test.ts', 'a candidate that is broken is recorded as that, and stops nothing'],
    ],
  },
  {
    id: 'exact-once',
    promise: 'An approval is for one action, exactly as it was shown, once; anything that changed is asked again.',
    tests: [
      ['e2e/approval.test.ts', 'S4: an approved action is carried out once, exactly as shown'],
      ['e2e/approval.test.ts', 'S4: facts that changed since they were shown are asked again, not performed'],
      ['e2e/approval.test.ts', 'S4: a verdict for an action that is over is refused and carries nothing out again'],
      ['e2e/approval.test.ts', 'S4: the approval of one action does not let another one through'],
      ['e2e/effect-mark.test.ts', 'S4: does not carry out an approved action a second time: it is asked anew'],
    ],
  },
  {
    id: 'signed',
    promise: 'A verdict counts only with the signature of a person whom the policy lets answer; a name proves nothing.',
    tests: [
      ['e2e/approval.test.ts', 'S5: a stranger who uses alice’s name is refused and changes nothing'],
      ['e2e/approval.test.ts', 'S5: someone in the directory whom the rule does not name may not approve'],
      ['e2e/approval.test.ts', 'S5: a key that was revoked while the request waited no longer counts'],
    ],
  },
  {
    id: 'silence',
    promise: 'A denial closes a request, and silence is denial.',
    tests: [
      ['e2e/approval.test.ts', 'S6: approve and deny at the same moment: the denial wins and nothing is done'],
      ['e2e/approval.test.ts', 'S6: silence is denial: a request that nobody answers expires'],
      ['e2e/cancel-and-limits.long.test.ts', 'S6: while requests wait closes them as cancelled, and nothing is done'],
    ],
  },
  {
    id: 'at-most-once',
    promise:
      'An effect that must not happen twice happens at most once, or the log says "unknown" and nothing is retried.',
    tests: [
      ['e2e/crash.long.test.ts', '%s: the action ends as %s and the effect happened %i times'],
      ['e2e/effect-mark.test.ts', 'a frozen process that wakes long after its mark performs nothing in that attempt'],
      ['e2e/effect-mark.test.ts', 'a tool that breaks off while acting ends as unknown and is not tried again'],
    ],
  },
  {
    id: 'what-became',
    promise:
      'What became of an action that ended unknown a person says, with a signature; another try is an action of its own.',
    tests: [
      ['e2e/what-became.test.ts', 'it did not happen: tried again once, as an action of its own'],
      ['e2e/what-became.test.ts', 'as an approval it is refused'],
      ['e2e/what-became.test.ts', 'someone whose key is in no directory says nothing'],
      ['e2e/crash.long.test.ts', 'S9: of an approved action that ended unknown the log tells'],
    ],
  },
  {
    id: 'lifted-limits',
    promise: 'Where a limit lets people lift it, only their signed answer does, for this session alone.',
    tests: [
      ['e2e/lifted-limits.test.ts', 'stop: nothing more is done, and nobody is asked again'],
      ['e2e/lifted-limits.test.ts', 'an approval of one session lifts nothing in another'],
      ['e2e/lifted-limits.test.ts', 'a session that claims grants at its start is refused'],
      ['policy/lifted-limits.test.ts', 'a count, a sum and the same action say what is used'],
    ],
  },
  {
    id: 'declared-values',
    promise: 'A value in a declared call stays in its place: it ends no path, query, header or text, and adds none.',
    tests: [['declared/encoding.test.ts', 'S1: %j does not leave its place; spliced, it does']],
  },
  {
    id: 'looked-up-anew',
    promise: 'A purchase, a post or a change that is looked up anew and is not what was shown is asked again.',
    tests: [
      ['e2e/everyday-purchases.test.ts', 'S4: a price that changed since is asked again with the new figures'],
      ['e2e/everyday-actions.test.ts', 'S4: more people than were shown would see it: asked again'],
      ['e2e/everyday-actions.test.ts', 'S4: a contact that somebody changed since is asked again'],
    ],
  },
  {
    id: 'own-tools',
    promise: 'A tool of another package gets permission, rules, approval, mark and log, or does not compile.',
    tests: [
      [
        'package/custom-tool.long.test.ts',
        'the session of the example asks, shows, is approved and opens the ticket once',
      ],
      ['package/custom-tool.long.test.ts', 'without the permission of the tool it is denied'],
      ['package/forgotten-fields.test.ts', 'does not compile without %s'],
    ],
  },
  {
    id: 'survives',
    promise: 'A worker or a server that is killed while a request waits loses nothing.',
    tests: [
      ['e2e/crash.long.test.ts', 'S6: while a request waits: the request is still there'],
      [
        'e2e/crash.long.test.ts',
        'while a request waits loses nothing: the approval after its restart is carried out once',
      ],
    ],
  },
  {
    id: 'byte-for-byte',
    promise: 'The mail that is handed to the mail server is byte for byte the mail that was shown.',
    tests: [
      ['e2e/plain-temporal.long.test.ts', 'S4, S7: a mail is shown, signed, sent once byte for byte as shown'],
      ['tools/send-email.test.ts', 'an independent mail program reads from the received bytes'],
    ],
  },
  {
    id: 'recipients',
    promise:
      'A mail goes to the recipients that were shown, or to nobody: no spelling of an address adds or changes one.',
    tests: [
      ['adversarial/mail-recipients.test.ts', '%s: nothing is sent'],
      ['adapters/smtp/recipients.test.ts', 'the server is told of the sender and of exactly the recipients'],
    ],
  },
  {
    id: 'beneath',
    promise: 'Files outside the workspace cannot be reached, not even by swapping links during the check.',
    tests: [
      ['adapters/files/races.test.ts', '%s leaks and touches nothing, while the naive guard does in the same run'],
      ['adversarial/files.test.ts', '%s: refused by all'],
      [
        'e2e/plain-temporal.long.test.ts',
        'the policy, the keys and the directory lie outside of what the agent may reach',
      ],
    ],
  },
  {
    id: 'changed-file',
    promise:
      'A file that changed after a person looked at it is asked about again, and never done under the old approval.',
    tests: [
      ['e2e/changed-files.test.ts', 'S4: a deletion that was approved is asked again'],
      ['e2e/changed-files.test.ts', 'S4: the file that arrives is the one whose hash was approved'],
      ['e2e/changed-files.test.ts', 'S4: a file that is changed after the question is not sent'],
    ],
  },
  {
    id: 'whole-files',
    promise:
      'A file that is written is the old one or the new one, never half; moving, making and restoring never overwrite.',
    tests: [
      ['adapters/files/killed-writer.test.ts', 'a writer killed ${KILLS} times leaves the old file or the new one'],
      ['e2e/changed-files.test.ts', 'nothing that stands there now is overwritten'],
    ],
  },
  {
    id: 'trash',
    promise: "What was deleted lies out of the agent's reach, and can be put back until the trash expires.",
    tests: [
      ['e2e/changed-files.test.ts', 'what a session deleted comes back byte for byte'],
      ['adversarial/files.test.ts', '%s: refused by all'],
    ],
  },
  {
    id: 'web',
    promise: 'Web calls go only where the policy says, to the address that was checked, and never on to a redirect.',
    tests: [
      ['adapters/http/http-client.test.ts', 'S12: a redirect is an answer and is not followed'],
      ['adapters/http/http-client.test.ts', 'a name that answers otherwise the second time (rebinding) is asked once'],
      [
        'e2e/plain-temporal.long.test.ts',
        'read_file and http_request need nobody, and what the policy does not name is',
      ],
    ],
  },
  {
    id: 'named-secrets',
    promise:
      'A secret is named in a call, goes only into the header and to the origins that a rule, or the file of declared tools, binds it to, and is taken out of answers that echo it.',
    tests: [
      ['adversarial/web-urls.test.ts', 'the table is no shorter than what was set as the bar'],
      ['adversarial/web-calls.test.ts', 'a %i to another host gets neither request nor secret'],
      ['adversarial/web-secrets-policy.test.ts', 'opened to one secret'],
      ['adapters/http/secrets.test.ts', 'what a server echoes is taken out'],
    ],
  },
  {
    id: 'log',
    promise: 'The log is told from the history alone, and what has no recorded result is called unknown.',
    tests: [
      ['cli/session-log.test.ts', 'a terminated session shows what was scheduled and has no result as unknown'],
      ['cli/session-log.test.ts', 'an exported history tells the same story as the server'],
      ['client/session-log.test.ts', 'the request in a row is whole: its digest can be recomputed from the log alone'],
    ],
  },
  {
    id: 'secrets',
    promise: 'Planted credentials stand in no history.',
    tests: [
      ['e2e/plain-temporal.long.test.ts', 'planted ones stand in no history'],
      ['e2e/thinking.long.test.ts', 'S10: the planted API key stands in no history'],
    ],
  },
  {
    id: 'no-wedge',
    promise: 'Garbage that arrives by signal, update or model output does not wedge a session.',
    tests: [
      ['e2e/arrivals.long.test.ts', 'signals that cannot be decoded do not wedge the session'],
      ['e2e/arrivals.long.test.ts', 'a hundred forged verdicts are answered and the honest one still counts'],
      ['e2e/thinking.long.test.ts', 'S13: two tool calls with one id end the session with a defined failure'],
    ],
  },
  {
    id: 'limits',
    promise: 'Meeting a limit, or a cancel, ends a session with a clear result.',
    tests: [
      ['e2e/cancel-and-limits.long.test.ts', 'wall time ends the session with a clear result and closes what waits'],
      ['e2e/thinking.long.test.ts', 'the limit of %s ends the session with a clear result'],
      ['e2e/cancel-and-limits.long.test.ts', 'while a tool runs reaches it, waits for it and records what it says'],
    ],
  },
  {
    id: 'replay',
    promise: 'Sessions recorded under this release replay under the code of today.',
    tests: [['histories/replay.test.ts', '$release $file']],
  },
  {
    id: 'plain-client',
    promise: 'A plain Temporal client and the output of "countersign sign" do the whole job.',
    tests: [
      ['e2e/plain-temporal.long.test.ts', 'S4, S7: a mail is shown, signed, sent once byte for byte as shown'],
      ['e2e/plain-temporal.long.test.ts', 'a denial by signal is carried out as one'],
    ],
  },
];
