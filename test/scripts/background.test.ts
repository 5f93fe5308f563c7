import { describe, expect, test } from 'vitest';
import { runSnippet } from './snippet.ts';

async function isNeeded(_: string, script: string, need: string): Promise<void> {
  const { needs } = await runSnippet(script);
  expect(needs.map(({ what }) => what).join(', ')).toContain(need);
}

/** What is certain stands in snippets/background.txt. */
describe('whatever hangs on what runs in the background is a need', () => {
  test.each([
    ['read before wait', 't=$(mktemp -d); echo hi > $t/f & [[ -s $t/f ]]; echo $?', 'what runs in the background'],
    ['list before wait', 't=$(mktemp -d); echo hi > $t/f & ls $t', 'what runs in the background'],
    [
      'job reads what is written later',
      't=$(mktemp -d); echo 1 > $t/f; cat $t/f > /dev/null & echo 2 > $t/f; wait',
      'what runs in the background',
    ],
    [
      'append shared read after',
      't=$(mktemp -d); echo a >> $t/f & echo b >> $t/f & wait; cat $t/f',
      'what runs in the background',
    ],
    ['subshell orphan', 't=$(mktemp -d); ( echo x > $t/f & ); wait; cat $t/f', 'what runs in the background'],
    ['substitution with two writers', 'x=$(echo a & echo b; wait); echo "[$x]"', 'what runs in the background'],
    ['two jobs in substitution', 'x=$(echo a & echo b & wait); echo "[$x]"', 'what runs in the background'],
    ['two jobs into head', '{ echo b & echo a & wait; } | head -1', 'what runs in the background'],
    ['disown', 't=$(mktemp -d); echo x > $t/f & disown; wait; cat $t/f', 'what runs in the background'],
    ['wait -n several', '(exit 4) & true & wait -n; echo $?; wait', 'which job ends first'],
    [
      'wait -n then read',
      't=$(mktemp -d); for i in a b; do echo $i > $t/$i & done; wait -n; cat $t/*; wait',
      'what runs in the background',
    ],
    [
      'process substitution read before it ends',
      't=$(mktemp -d); echo hi > >(cat > $t/f); cat $t/f',
      'what runs in the background',
    ],
    [
      'process substitution of a program is never waited for',
      't=$(mktemp -d); /bin/echo hi > >(cat > $t/f); wait; cat $t/f',
      'what runs in the background',
    ],
    [
      'tee into substitution then read',
      't=$(mktemp -d); echo hi | tee >(cat > $t/f) > /dev/null; cat $t/f',
      'what runs in the background',
    ],
    [
      'pipeline job reads scripts input',
      'echo text > f; { cat | sed s/t/u/ & wait; echo "rest: $(cat)"; } < f',
      'what runs in the background',
    ],
    [
      'job reads shared descriptor',
      "printf 'a\\nb\\n' > f; exec 3<f; { read -r x <&3; echo $x; } & read -r y <&3; echo $y; wait",
      'what runs in the background',
    ],
    [
      'cleanup while job runs',
      't=$(mktemp -d); echo a > $t/f & rm -rf $t; wait; ls $t 2>/dev/null',
      'what runs in the background',
    ],
    [
      'xargs -P output captured',
      'x=$(printf \'%s\\n\' 1 2 3 | xargs -P3 -n1 echo); echo "$x"',
      'what runs in the background',
    ],
    [
      'xargs -P one file',
      't=$(mktemp -d); printf \'%s\\n\' a b | xargs -P2 -I{} sh -c "echo {} >> $t/f"; cat $t/f',
      'what runs in the background',
    ],
    [
      'job in job not waited',
      't=$(mktemp -d); { { echo x > $t/f; } & } & wait; cat $t/f',
      'what runs in the background',
    ],
    ['siblings', 't=$(mktemp -d); echo x > $t/f & cat $t/f > $t/g & wait; cat $t/g', 'what runs in the background'],
    [
      'pid of subshell',
      '(( BASHPID == $$ )) && echo same; ( (( BASHPID == $$ )) && echo same )',
      '$BASHPID of a subshell',
    ],
    [
      'glob before wait',
      't=$(mktemp -d); echo x > $t/f.out & set -- $t/*.out; wait; echo $#',
      'what runs in the background',
    ],
    [
      'find before wait',
      't=$(mktemp -d); echo x > $t/f.out & find $t -type f | wc -l; wait',
      'what runs in the background',
    ],
    [
      'background in function, checked after',
      't=$(mktemp -d); f() { echo x > $t/f & }; f; test -e $t/f; echo $?',
      'what runs in the background',
    ],
    ['nested bash not waited', 't=$(mktemp -d); bash -c "echo x > $t/f &"; cat $t/f', 'what runs in the background'],
    [
      'job removes, script tests',
      't=$(mktemp -d); echo x > $t/f; rm $t/f & [[ -e $t/f ]]; echo $?',
      'what runs in the background',
    ],
    [
      'job output then printed by script captured through file',
      't=$(mktemp -d); { echo a & echo b; wait; } > $t/f; cat $t/f',
      'what runs in the background',
    ],
  ])('%s', isNeeded);
});

describe('what is said only at a given time is a need', () => {
  test.each([
    ['a pipe that is read for a while', 'echo hi | { read -t 2 x; echo $?; }', 'how long read waits'],
    ['whether a pipe holds something by now', 'echo hi | { read -t 0; echo $?; }', 'how long read waits'],
    ['a time limit of the shell', 'TMOUT=1; echo hi | { read x; echo $?; }', 'how long read waits'],
    ['a lock of the machine', 'flock -n /var/lock/some.lock true', 'the path /var/lock'],
    ['a lock whose holder may be gone', 'for i in 1 2; do ( flock -n 9; echo $? ) 9>lock; done', 'is still locked'],
    ['a file open for both', 'exec 9<>lock', '<> lock'],
    ['a trap for the end of children', "trap 'echo x' CHLD; sleep 1 & wait", 'trap CHLD'],
    ['the keys of a terminal', 'bind -l', 'bind'],
    ['the stack of folders as an array', 'echo ${DIRSTACK[1]}', '$DIRSTACK'],
  ])('%s', isNeeded);
});
