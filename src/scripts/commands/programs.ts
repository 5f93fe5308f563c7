import type { Program } from '../shell/shell.ts';
import { awk } from './awk/awk.ts';
import { base64 } from './base64.ts';
import { md5sum, sha1sum, sha256sum, sha512sum, shasum } from './checksums.ts';
import { comm, cut, fold, paste } from './columns.ts';
import { date } from './date/date.ts';
import { cmp, diff } from './diff.ts';
import { env, printenv } from './environment.ts';
import { expr } from './expr.ts';
import {
  basename,
  chmod,
  cp,
  dirname,
  ln,
  ls,
  mkdir,
  mktemp,
  mv,
  readlink,
  realpath,
  rm,
  rmdir,
  stat,
  touch,
} from './file-commands.ts';
import { find } from './find.ts';
import { flock } from './flock.ts';
import { jq } from './jq/jq.ts';
import { nice, sleep, timeout } from './launchers.ts';
import { id, locale, uname } from './machine.ts';
import { od } from './od.ts';
import { ps } from './ps.ts';
import { egrep, fgrep, grep } from './search/grep.ts';
import { rg } from './search/rg.ts';
import { sed } from './sed/sed.ts';
import { sort } from './sort.ts';
import { tar } from './tar.ts';
import { cat, head, nl, rev, seq, tac, tail, tee, uniq, wc } from './text.ts';
import { tput } from './tput.ts';
import { tr } from './tr.ts';
import { xargs } from './xargs.ts';

/** The programs that a script may call. Anything else makes its verdict blind. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    awk,
    gawk: awk,
    mawk: awk,
    base64,
    basename,
    cat,
    chmod,
    cmp,
    comm,
    cp,
    cut,
    date,
    diff,
    dirname,
    egrep,
    env,
    expr,
    fgrep,
    find,
    flock,
    fold,
    grep,
    head,
    id,
    jq,
    ln,
    locale,
    ls,
    md5sum,
    mkdir,
    mktemp,
    mv,
    nice,
    nl,
    od,
    paste,
    printenv,
    ps,
    readlink,
    realpath,
    rev,
    rg,
    rm,
    rmdir,
    sed,
    seq,
    sha1sum,
    sha256sum,
    sha512sum,
    shasum,
    sleep,
    sort,
    stat,
    tac,
    tail,
    tar,
    tee,
    timeout,
    touch,
    tput,
    tr,
    uname,
    uniq,
    wc,
    xargs,
  }),
);
