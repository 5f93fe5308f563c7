import gate from '../../src/gates/spine/doc-hygiene/rag-embedding-smoke-preflight.ts';
import { nearMisses } from './near-misses.ts';

const EVIDENCE = 'mailroom/state/rag-sync/smoke-evidence.json';
const NOW = '2026-02-17T12:00:00Z';

function trial(text: string) {
  return { now: NOW, files: { [EVIDENCE]: text } };
}

const TOO_OLD = ['trial-is-recent timestamp'];
const NOTHING = ['trial-uploaded-something uploaded'];
const AN_ERROR = ['trial-has-no-error error'];

export default nearMisses(gate, {
  pass: [
    { title: 'no time', ...trial('{"uploaded": 1}') },
    { title: 'a time that is null', ...trial('{"uploaded": 1, "timestamp": null}') },
    { title: '24 hours and 59 minutes', ...trial('{"uploaded": 1, "timestamp": "2026-02-16T11:01:00Z"}') },
    { title: 'the future', ...trial('{"uploaded": 1, "timestamp": "2026-03-01"}') },
    { title: 'numbers as texts', ...trial('{"uploaded": "2", "failed": "0"}') },
    { title: 'a negative number of failures', ...trial('{"uploaded": 1, "failed": -1}') },
    { title: 'fractions cannot be compared', ...trial('{"uploaded": 0.5, "failed": 0.5}') },
    { title: 'an error that is false', ...trial('{"uploaded": 1, "error": false}') },
  ],
  fail: [
    { title: '25 hours', ...trial('{"uploaded": 1, "timestamp": "2026-02-16T11:00:00Z"}'), finds: TOO_OLD },
    { title: 'a time that is a word', ...trial('{"uploaded": 1, "timestamp": "today"}'), finds: TOO_OLD },
    { title: 'an error that is an empty map', ...trial('{"uploaded": 1, "error": {}}'), finds: AN_ERROR },
    { title: 'an error that is 0', ...trial('{"uploaded": 1, "error": 0}'), finds: AN_ERROR },
    { title: 'an empty file', ...trial(''), finds: NOTHING },
    { title: 'no number of uploads', ...trial('{"failed": 0}'), finds: NOTHING },
    { title: 'a word as a number', ...trial('{"uploaded": "many"}'), finds: ['unreadable uploaded'] },
  ],
});
