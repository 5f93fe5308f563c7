import fc, { type Arbitrary } from 'fast-check';

/**
 * Small random scripts out of what check scripts use: conditions, loops, expansions, pipelines and the tools' options.
 * Every piece is made to be meaningful over the files that the snippets look at, and some are wrong on purpose.
 */

const pick = (text: string): Arbitrary<string> => fc.constantFrom(...text.split(/\s+/).filter((item) => item !== ''));
const lines = (text: string): Arbitrary<string> =>
  fc.constantFrom(
    ...text
      .split('\n')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
/** Puts the pieces one after the other. */
function glue(...parts: readonly (string | Arbitrary<string>)[]): Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(''));
}
const maybe = (part: Arbitrary<string>): Arbitrary<string> => fc.oneof(fc.constant(''), part);
const many = (part: Arbitrary<string>, most: number, joint: string): Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: most }).map((parts) => parts.join(joint));

const file = pick('a.txt b.txt dir/x.md table.psv data.json dir/sub/y.sh nope.txt dir spaced*.txt *.txt dir/*');
const oneFile = pick('a.txt b.txt dir/x.md table.psv nope.txt');
const name = pick('x y n list empty unset');
const number = pick('0 1 2 3 5 10 -1 007 08');
const bare = pick('one two key alpha BETA gamma=1 a.b x* [ab] 3 -n -- a|b core');

const expansion = lines(String.raw`
  $x
  $y
  $n
  $empty
  $unset
  $#
  $?
  $1
  $@
  \${list[@]}
  \${list[1]}
  \${list[9]}
  \${#list[@]}
  \${list[*]}
  \${!map[@]}
  \${map[k]}
  \${x:-d e}
  \${unset:-def}
  \${unset:=set}
  \${empty:-def}
  \${empty-def}
  \${unset+alt}
  \${x:+alt}
  \${x:?gone}
  \${unset:?gone}
  \${#x}
  \${x%%.*}
  \${x%.*}
  \${x#*.}
  \${x##*[./]}
  \${x//o/0}
  \${x/o/}
  \${x/#f/F}
  \${x/%o/O}
  \${x:1}
  \${x:1:2}
  \${x: -2}
  \${x^^}
  \${y,,}
  \${x^}
  \${!p}
  \${list[@]:1}
  \${list[@]/t/T}
  \${x@Q}
  $((n + 1))
  $((n * 2 % 3))
  $((n > 2 ? 1 : 0))
  $(( 010 ))
  $((x))
  $((n--))
  $(echo sub)
  $(printf '%s\n' one two)
  $(false)
  $(grep -c t a.txt)
  $(cat a.txt)
  $(< a.txt)
  $(wc -l < a.txt)
  $(basename dir/x.md .md)
  $(cd dir && pwd)
  \${x@U}
  \${x@L}
  \${x@u}
  \${list[@]@Q}
  \${list[-1]}
  \${list[n]}
  \${x:-$(echo d)}
  \${unset:-'q q'}
  \${unset:-"$y"}
  \${x:n}
  \${x:1:-1}
  \${list[@]: -1}
  \${list[@]:n-2:1}
  \${list[*]//o/0}
  \${list[@]^^}
  \${list[@]#t}
  \${x//[^a-z]/_}
  \${x%%[.]*}
  \${x#"\${x%%.*}"}
  \${x/*./<}
  \${x//./\/}
  \${@:1:1}
  \${*: -1}
  \${#*}
  \${!x*}
  \${!list[@]}
  \${map[nope]-none}
  \${map[k]:+set}
  \${list[1]:-none}
  \${x:+"$y"}
  \${empty:="$n"}
  \${PIPESTATUS[*]}
  \${BASH_REMATCH[1]}
  \${FUNCNAME[0]}
  $((n << 2 | 1))
  $((n, 2))
  $((unset = 5))
  $((16#ff))
  $((list[0] + 1))
  $((-7 / 2))
  $((2 ** n))
  $((n++ + ++n))
  $((!n))
  $((~n))
  $(( $(wc -l < a.txt) - 1 ))
  $(echo "$(echo "$y")")
  \`echo "$n"\`
`).map((text) => text.replace(/\\\$/g, '$'));

const word: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: bare.map((text) => `'${text}'`) },
  { weight: 4, arbitrary: expansion.map((text) => `"${text}"`) },
  { weight: 3, arbitrary: expansion },
  { weight: 1, arbitrary: file },
  { weight: 1, arbitrary: expansion.map((text) => `"pre-${text}-post"`) },
  { weight: 1, arbitrary: pick("{a,b} {1..3} ~ *.md *.nope [ab].txt ''") },
);

const pattern = pick('o* *o one \'*\' "$x" $y [a-f]* ?oo f@(o|x)o [[:upper:]]* foo.bar.baz [!a]* 1');
const regex = lines(String.raw`
  ^f
  o+
  ^[0-9]+$
  (o)(.)
  ^$
  \.b
  [[:space:]]
  ^(foo|bar)
  a{2}
`);
const compare = pick('-eq -ne -lt -le -gt -ge');

const test: Arbitrary<string> = fc.oneof(
  glue('[[ -', pick('f d e s r x L n z'), ' ', word, ' ]]'),
  glue('[[ ', word, ' ', pick('== != ='), ' ', pattern, ' ]]'),
  glue('[[ ', word, ' =~ ', regex, ' ]]'),
  glue('[[ ', word, ' ', compare, ' ', fc.oneof(number, word), ' ]]'),
  glue('[[ ', pick('-n -z'), ' "$x" ', pick('&& ||'), ' ', pick('-f -d'), ' ', file, ' ]]'),
  glue('[[ ! -v ', name, ' ]]'),
  glue('[ -', pick('f d e s n z'), ' "', expansion, '" ]'),
  glue('[ ', word, ' ', pick('= !='), ' ', word, ' ]'),
  glue('[ ', word, ' ', compare, ' ', number, ' ]'),
  glue('test ', word),
  glue('(( ', pick('n x y unset empty 08 n++'), ' ', pick('> < == != >= && || - ,'), ' ', number, ' ))'),
  glue('grep -q', pick(' i v x w F'), ' ', fc.constantFrom('two', "'a.'", 'zzz', "''"), ' ', file).map((text) =>
    text.replace(/-q (?=[ivxwF] )/, '-q'),
  ),
  pick('true false'),
);

const bre = lines(String.raw`
  'o'
  '^o'
  'e$'
  't.*e'
  '[aeiou]\{2\}'
  '\(o\)\(n\)'
  'a\|b'
  '^$'
  '.'
  '[[:upper:]]'
  '\bone\b'
  'a.b'
  '*'
  '[^a-z]'
  '|'
  'x\?'
`);
const ere = lines(String.raw`
  'o|e'
  '^(one|two)$'
  '[0-9]+'
  'a{2,}'
  '(.)\1'
  '^[^#]'
  '\.'
  't?h'
  '()'
  '\bkey\b'
  '^\s*$'
  '[[:alpha:]]+:'
  'a|'
`);

const grepOptions = many(pick('-c -v -i -n -o -w -x -l -L -h -H -m1 -A1 -s'), 2, ' ');
const source = fc.oneof(
  { weight: 3, arbitrary: oneFile.map((path) => `cat ${path}`) },
  { weight: 2, arbitrary: glue("printf '%s\\n' ", many(word, 4, ' ')) },
  {
    weight: 1,
    arbitrary: lines(String.raw`
    printf 'b 2\na 10\nb 1\n\na 10\n'
    printf 'one\ttwo\n three  four \n'
    printf 'no end'
    printf '%s\n' "${'$'}{list[@]}"
    echo "$x"
    find . -name '*.txt' | sort
    find dir -type f | sort
    ls dir
    seq 1 5
    sed -n '2,3p' a.txt
    printf ''
  `),
  },
);

const tool: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: glue('grep ', grepOptions, ' ', bre, ' ', many(file, 2, ' ')) },
  { weight: 2, arbitrary: glue('grep -E ', maybe(grepOptions), ' ', ere, ' ', many(file, 2, ' ')) },
  { weight: 1, arbitrary: glue('grep -r', pick('l n h c i'), ' ', bre, ' ', pick('dir . dir/sub nope'), ' | sort') },
  {
    weight: 3,
    arbitrary: glue(
      'sed ',
      lines(String.raw`
    's/o/0/'
    's/o/0/g'
    -n '2p'
    -n '$p'
    '2,3d'
    -n '/two/,/four/p'
    '/^$/d'
    -E 's/(o)(n)/\2\1/'
    's/[^a-z]//g'
    's|/|_|g'
    -n 's/e$/E/p'
    '1!d'
    -e 's/a/A/' -e '2q'
    'y/abc/xyz/'
    's/^[[:space:]]*//; s/[[:space:]]*$//'
    '/t/!s/e/E/'
    -n '/a/='
    '$!N; s/\n/ /'
    's/\(.*\)e/<&>/'
    '0,/t/s/t/T/'
    's/o/&&/2'
    '2i\inserted'
    '/two/a after'
    '3c\changed'
    -E 's/^([a-z]+) +([a-z]+)/\u\1 \U\2/I'
    's/x'
  `),
      ' ',
      oneFile,
    ),
  },
  {
    weight: 4,
    arbitrary: glue(
      'awk ',
      lines(String.raw`
    '{print $1}'
    -F'|' '{print $2}'
    -F'|' 'NR>1 && $3=="up" {print $1; f=1} END {exit !f}'
    '/t/ {n++} END {print n+0}'
    'END {print NR, NF}'
    -F: '{gsub(/ /,"",$2); print $2}'
    '{print length($0)}'
    'NR==2,NR==3'
    -v k=two '$0==k {print NR}'
    '{a[$1]++} END {for (i in a) n++; print n}'
    '{print substr($0,2,3)}'
    '{printf "%s-%d\n", $1, NF}'
    '$1 ~ /^o/'
    '!/o/'
    '{split($0,p,"e"); print p[1]; print p[2]}'
    'BEGIN {x=1; y="a" x; print y+1, "3x"+1, 1/4}'
    '{sub(/[aeiou]+/,"<&>"); print}'
    'index($0,"o") {print index($0,"o")}'
    'match($0,/e+/) {print RSTART, RLENGTH}'
    '{print toupper($NF)}'
    'NF{print $NF}'
    'NR%2'
    '{$1=""; print}'
    '{$3="z"; print NF; print}'
    -F'[|=]' '{print $2}'
    'BEGIN{while((getline l < "a.txt")>0) n++; print n}'
    '{print > "/dev/stderr"}'
    'seen[$0]++'
    '$2 > 1'
    '{ if ($0 == "") next; print; exit 3 }'
    'BEGIN{OFS="-"} {$1=$1} 1'
    '{print $(NF-1)}'
    '{ print $1 '
  `),
      ' ',
      oneFile,
    ),
  },
  { weight: 1, arbitrary: glue('head -n ', pick('1 2 -1 0 x'), ' ', oneFile) },
  { weight: 1, arbitrary: glue('tail -n ', pick('1 2 +2 0 +0 -2'), ' ', oneFile) },
  { weight: 1, arbitrary: glue('wc ', pick('-l -c -w -lw -m'), ' ', many(file, 2, ' ')) },
  {
    weight: 1,
    arbitrary: glue(
      'find ',
      pick('. dir nope dir/sub ./dir/'),
      ' ',
      many(
        lines(String.raw`
    -type f
    -type d
    -name '*.md'
    -not -name '*.txt'
    ! -path '*/sub/*'
    -maxdepth 1
    -mindepth 1
    -iname '*.TXT'
    -path './dir/*'
    \( -name '*.md' -o -name '*.sh' \)
    -perm -u+x
    -size +0
    -empty
    -name sub -prune -o -print
    -exec grep -l e {} \;
    -exec basename {} \;
    -printf '%f\n'
    -regex '.*md'
  `),
        2,
        ' ',
      ),
      ' | sort',
    ),
  },
  { weight: 1, arbitrary: glue('diff ', pick('-q -u -w'), ' ', oneFile, ' ', oneFile, ' >/dev/null') },
  { weight: 1, arbitrary: glue('diff ', oneFile, ' <(', source, ')') },
  { weight: 1, arbitrary: glue('cmp -s ', oneFile, ' ', oneFile) },
  { weight: 1, arbitrary: glue('comm ', pick('-12 -23 -13 -3'), ' <(', source, ' | sort) <(sort ', oneFile, ')') },
  { weight: 1, arbitrary: glue(pick('basename dirname'), ' ', fc.oneof(file, word)) },
  { weight: 1, arbitrary: glue('ls ', pick('-1 -d -a -A -p'), ' ', many(file, 2, ' ')) },
  { weight: 1, arbitrary: glue('stat -c ', pick("%s %a %F %n '%a %n'"), ' ', file) },
  {
    weight: 1,
    arbitrary: glue(
      'date -u -d ',
      lines(String.raw`
    '2026-02-10' +%s
    '2026-02-10T10:00:00Z' +%F
    '2026-13-01' +%F
    '3 days ago' +%F
    '2026-02-10 12:30' '+%H:%M'
    '@86400' +%F
    'yesterday' +%F
    'not a date' +%s
    '2026-02-10 + 3 days' +%F
    '10 Feb 2026' +%j
    '2026-02-10T10:00:00+02:00' +%s
    '' +%F
    'next month' +%F
  `),
    ),
  },
  {
    weight: 2,
    arbitrary: glue(
      'jq ',
      lines(String.raw`
    -r '.items[].name'
    '.items | length'
    -e '.missing'
    -r '.items[] | select(.n>1) | .name'
    -c '.items[0]'
    -r '.items | map(.n) | add'
    -r '.items[] | "\(.name)=\(.n)"'
    -e '.items[] | .n > 1'
    -r '.items[] | [.name,.n] | @tsv'
    '.items[].name | test("a")'
    -r 'keys[]'
    -e 'empty'
    '.items[5].name'
    '.items.name'
    -r '.items // empty | type'
    -r --arg v b '.items[] | select(.name==$v) | .n'
    'to_entries[0].key'
    -S -c .
    '[.items[].n] | max, min'
    '.items[0] | has("n"), has("z")'
    -r '.items[].n | tostring | length'
    '.. | numbers'
    '.items | any(.n==2), all(.n==2)'
    '.['
  `),
      ' ',
      pick('data.json nope.json a.txt data.json data.json data.json'),
    ),
  },
  { weight: 1, arbitrary: glue('xargs ', pick("-n1 -I{} -0 -r -d'\\n'"), ' echo ', pick('got {} x'), ' < ', oneFile) },
  {
    weight: 1,
    arbitrary: glue(
      'rg ',
      pick('-n -c -l -v -i -q -o -w -F -N --no-heading'),
      ' ',
      fc.constantFrom("'o'", "'^t'", "'e$'", "'zzz'", "'[A-Z]'", "'a|b'"),
      ' ',
      oneFile,
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'printf ',
      lines(String.raw`
    '%s|' a b c
    '%d\n' 7 x
    '%05.1f\n' 3.14159
    '%-6s|%3d|\n' ab 5
    '%q\n' 'a b'
    '%b\n' 'a\tb'
    '%x %o\n' 255 8
    '%s\n'
    '%%\n'
    '\x41\n'
    '%s %s\n' one
    '%.2s\n' abcdef
    '%*d\n' 5 42
    '%c\n' xyz
    '%(%F)T\n' 0
    '%i\n' 012
    -v out '%s' hi
  `),
    ),
  },
);

const filter: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: glue('grep ', maybe(grepOptions), ' ', bre) },
  {
    weight: 1,
    arbitrary: glue(
      'cut ',
      lines(String.raw`
    -d' ' -f1
    -d'|' -f2,3
    -c1-3
    -f2
    -d: -f2-
    -d= -f1 -s
    -d'|' -f0
  `),
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'tr ',
      lines(String.raw`
    a-z A-Z
    -d '\n'
    -s ' '
    '[:lower:]' '[:upper:]'
    -cd '0-9\n'
    ' ' '\n'
    -d 'aeiou'
    -s 'a-z'
    '\n' ','
    abc x
    -dc '[:alnum:]'
    'a-c' '1-3'
  `),
    ),
  },
  {
    weight: 2,
    arbitrary: glue(
      'sort',
      maybe(many(pick(' -u -n -r -k2 -k1,1 -t\\| -f -V -k2n -c -s -b -k2,2nr'), 2, ' ').map((text) => ` ${text}`)),
    ),
  },
  { weight: 1, arbitrary: glue('uniq', maybe(pick('-c -d -u -i').map((text) => ` ${text}`))) },
  {
    weight: 1,
    arbitrary: pick(
      'head_-1 head_-n2 tail_-1 tail_-n+2 wc_-l wc_-c nl tac rev cat cat_-n tail_-c3 head_-c4 tee_/dev/null paste_-sd, paste_-_- fold_-w3',
    ).map((text) => text.replace(/_/g, ' ')),
  },
  {
    weight: 1,
    arbitrary: glue(
      'awk ',
      fc.constantFrom(
        "'{print $2}'",
        "'NR==1'",
        "'{s+=$2} END {print s}'",
        "'!seen[$0]++'",
        "'END{print NR}'",
        "'{print $NF}'",
        "-F, '{print NF}'",
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'sed ',
      fc.constantFrom(
        "'s/^/> /'",
        "-n '1p'",
        "'$d'",
        "'s/ .*//'",
        "'/a/d'",
        "-n '$='",
        "'G'",
        "'1~2d'",
        "-n 'l'",
        "'n;d'",
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'xargs',
      maybe(fc.constantFrom(' -n1', ' -n2 echo', ' -I{} echo "<{}>"', ' basename', ' -r false')),
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'while IFS= read -r l; do ',
      fc.constantFrom(
        'echo "<$l>"',
        'n=$((n+1))',
        '[ -n "$l" ] && echo "$l"',
        '[[ $l == *o* ]] || continue; echo "$l"',
        'break',
        '(( ${#l} > 3 )) && c=$l',
        'echo "${l%% *}"',
      ),
      '; done',
    ),
  },
  { weight: 1, arbitrary: glue('while read -r a b; do echo "$b-$a"; done') },
);

const pipeline = fc.oneof(
  { weight: 2, arbitrary: tool },
  { weight: 3, arbitrary: glue(source, ' | ', many(filter, 2, ' | ')) },
);

const simple: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: pipeline },
  { weight: 2, arbitrary: glue('echo ', many(word, 3, ' ')) },
  { weight: 1, arbitrary: glue(pick('x y n list unset'), '=', word) },
  { weight: 1, arbitrary: glue(pick('x y n'), '=$(', pipeline, ')') },
  { weight: 1, arbitrary: glue('list', pick('+= ='), '(', many(word, 3, ' '), ')') },
  { weight: 1, arbitrary: glue('local_f ', many(word, 2, ' ')) },
  { weight: 1, arbitrary: glue('set -- ', many(word, 3, ' ')) },
  { weight: 1, arbitrary: glue('mapfile -t list < <(', source, ')') },
  { weight: 1, arbitrary: glue('IFS=', pick("'|' ',' $y"), ' read -r x y <<< ', word) },
  { weight: 1, arbitrary: glue('map[k]=', word) },
  {
    weight: 1,
    arbitrary: lines(String.raw`
    ((n++))
    ((n+=2))
    let n=n*2
    let n=0
    let "n = n - 3"
    let n+=1 y=2
    let n=
    let 1/0
    let 'n > 2 ? 1 : 0'
    false; if (( $? )); then echo "was $?"; fi
    false; for i in $?; do echo "$i"; done
    false; while [ $? -ne 0 ]; do echo round; done
    false; case $? in 1) echo one ;; *) echo "$?" ;; esac
    false; { echo $?; }
    false; (echo $?)
    false; [[ $? -eq 1 ]] && echo "$?"
    (exit 3); echo $? | cat
    ! false; echo $?
    x=$(exit 3); echo $?
    local_f "$(exit 4)"; echo $?
    trap 'echo bye' EXIT
    trap 'echo returned' RETURN
    trap 'echo failed' ERR
    (trap 'echo inner $?' EXIT; exit 3)
    (trap - EXIT; exit 2)
    trap
    trap -p EXIT
    trap '' INT; trap -p
    list=([2]=a [0]=b c)
    list+=([5]=x)
    unset 'list[1]'; echo "${'$'}{!list[@]}"
    unset 'list[-1]'
    read -ra list <<< 'a b c'; echo "${'$'}{#list[@]}"
    IFS=: read -r x y <<< 'a:b:c'
    list=("${'$'}{list[@]:1}")
    for i in "${'$'}{!list[@]}"; do echo "$i=${'$'}{list[i]}"; done
    mapfile -t -s 1 -n 2 list < a.txt; echo "${'$'}{list[*]}"
    declare -A map=([a]=1 [b]="2 3"); echo "${'$'}{#map[@]}"
    map[a b]=c; echo "${'$'}{map[a b]}"
    unset 'map[k]'; echo "${'$'}{#map[@]}"
    [[ -v map[k] ]] && echo "has k"
    [[ 'key = val x' =~ ^([a-z]+)\ *=\ *(.*)$ ]] && echo "${'$'}{BASH_REMATCH[2]}"
    re='^([0-9]+)-'; [[ 12-3 =~ $re ]]; echo "${'$'}{BASH_REMATCH[@]}"
    [[ $x =~ "." ]] && echo "dot ${'$'}{BASH_REMATCH[0]}"
    [[ $x =~ ba(r|z)\.?([a-z]*) ]]; echo "${'$'}{#BASH_REMATCH[@]}:${'$'}{BASH_REMATCH[2]}"
    [[ a =~ b ]]; echo "${'$'}{#BASH_REMATCH[@]}"
    printf -v x '%s-' a b; echo "$x"
    printf -v 'list[1]' '%03d' 7; echo "${'$'}{list[1]}"
    printf -v map[k] '%q' 'a b'; echo "${'$'}{map[k]}"
    printf -v y '%s\n' one two; echo "<$y>"
    declare -r z=1; z=2
    declare -x x; declare -p x
    declare -n ref=x; ref=via; echo "$x"
    declare -l low=ABC; echo "$low"
    local -a inner=(1 2)
    echo "${'$'}{x:?}" | cat
    set -- a 'b c' d; echo "$#:$*:$2"
    set -- "${'$'}{@:2}"; echo "$#"
    for i; do echo "arg $i"; done
    eval 'false'; echo $?
    { false; } || echo "or $?"
    if false; then :; fi; echo $?
    while false; do :; done; echo $?
    f() { return 7; }; f; echo $?
    f() { false; }; f || echo "f $?"
    time -p true
    unset x
    unset list
    shift
    return 3
    : "${'$'}{unset:=1}"
    export x
    readonly y
    declare -p n
    declare -i n=3+4
    x+=more
    exit 4
    exec 3>&1
    trap - EXIT
    set +e
    set -e
    set -u
    set +o pipefail
    shopt -s nullglob
    shopt -s extglob
    cd dir
    cd nope
    pwd
    eval 'echo "$x"'
    eval "$x"
    type -t local_f
    command -v grep >/dev/null
    command -v local_f
    printf '%s\n' "${'$'}{!map[@]}"
    echo "$BASH_SUBSHELL $LINENO"
    echo "${'$'}{PIPESTATUS[@]}"
    bash dir/sub/y.sh p q
    dir/sub/y.sh
    source dir/nope.sh
    . dir/sub/y.sh
    nofunc 2>/dev/null
    wait
    false | true
    true | false
    local z=1
    getopts ab: o -a
    echo "$((1/0))"
    echo $((08))
    echo ${'$'}{x!}
    list[1+1]=q
    list[bad key]=1
    echo > out.txt; cat out.txt
    echo a >> out.txt; wc -l < out.txt
    rm -f out.txt
    mkdir -p made/deep && ls made
    touch made.txt; [ -f made.txt ]
    cp a.txt made.txt && cat made.txt
    mv nope.txt made.txt
    test -s out.txt
    echo err >&2
  `),
  },
);

const joined = fc.oneof(
  { weight: 4, arbitrary: simple },
  {
    weight: 2,
    arbitrary: glue(
      fc.oneof(test, simple),
      pick(' && || ').map((sign) => ` ${sign} `),
      simple,
    ),
  },
  { weight: 1, arbitrary: glue('! ', fc.oneof(test, pipeline)) },
  { weight: 1, arbitrary: glue(simple, ' || true') },
  { weight: 1, arbitrary: glue(test, ' && ', simple, ' || ', simple) },
  { weight: 1, arbitrary: glue('(', simple, '; ', simple, ')') },
  { weight: 1, arbitrary: glue('{ ', simple, '; ', simple, '; } 2>/dev/null') },
  { weight: 1, arbitrary: glue(simple, ' >/dev/null') },
  { weight: 1, arbitrary: glue(simple, ' 2>&1') },
);

const block: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: joined },
  {
    weight: 2,
    arbitrary: glue(
      'if ',
      fc.oneof(test, joined),
      '; then ',
      joined,
      maybe(glue('; elif ', test, '; then ', joined)),
      maybe(glue('; else ', joined)),
      '; fi',
    ),
  },
  {
    weight: 2,
    arbitrary: glue(
      'for i in ',
      many(word, 3, ' '),
      '; do ',
      fc.oneof(
        joined,
        fc.constant('echo "<$i>"'),
        fc.constantFrom(
          '[[ $i == two ]] && continue; echo "$i"',
          '[ "$i" = one ] && break',
          'n=$((n+1))',
          'grep -q "$i" a.txt && echo "hit $i"',
        ),
      ),
      '; done',
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'case ',
      word,
      ' in ',
      pattern,
      ') ',
      joined,
      ' ;; ',
      pattern,
      '|two) ',
      joined,
      pick(' ;; ;& ;;& ').map((end) => ` ${end} `),
      '*) ',
      joined,
      ' ;; esac',
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'while ',
      fc.oneof(fc.constant('(( n-- > 0 ))'), fc.constant('read -r l')),
      '; do ',
      joined,
      '; done < ',
      oneFile,
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      'f() { ',
      maybe(fc.constant('local x=in; ')),
      joined,
      '; ',
      joined,
      '; }; f ',
      word,
      maybe(fc.constantFrom(' || echo failed', ' && echo fine', '; echo "f $?"')),
    ),
  },
  { weight: 1, arbitrary: glue('for ((i=0; i<', pick('0 2 n'), '; i++)); do ', joined, '; done') },
  {
    weight: 1,
    arbitrary: glue(
      'cat <<',
      fc.constantFrom('EOF', '"EOF"', '-EOF'),
      maybe(glue(' | ', filter)),
      '\n',
      many(expansion, 3, '\n'),
      '\nEOF',
    ),
  },
  {
    weight: 1,
    arbitrary: glue(
      pick('v echo').map((how) => (how === 'v' ? 'v=$(cat <<EOF' : 'echo "$(cat <<EOF')),
      maybe(glue(' | ', filter)),
      '\n',
      many(expansion, 3, ' '),
      '\nit\'s (fine) "here"\nEOF\n)',
    ).map((text) => (text.startsWith('v') ? `${text}; echo "$v"` : `${text}"`)),
  },
  { weight: 1, arbitrary: glue('while read -r l; do ', joined, '; done <<EOF\n', many(expansion, 2, '\n'), '\nEOF') },
  { weight: 1, arbitrary: glue('until ', test, '; do ', joined, '; break; done') },
);

const HEAD = `x=foo.bar.baz; y=ONE; n=3; empty=; p=x; list=(one "two three" four); declare -A map=([k]=v)
local_f() { local z="$1"; [[ -n "$z" ]] && echo "f:$z:$#"; }`;
const mode = fc.constantFrom(
  '',
  'set -e',
  'set -u',
  'set -eu',
  'set -euo pipefail',
  'set -o pipefail',
  'set -Eeuo pipefail',
  "trap 'echo bye $?' EXIT",
  "set -e; trap 'echo err $?' ERR",
);

/** A script, without its messages: where they differ from bash's, nobody minds. */
export const scripts: Arbitrary<string> = fc
  .tuple(mode, fc.array(block, { minLength: 1, maxLength: 4 }))
  .map(
    ([set, blocks]) =>
      `exec 2>/dev/null\n${HEAD}\n${set === '' ? '' : `${set}\n`}${blocks.join('\n')}\necho "end $?"\n`,
  );
