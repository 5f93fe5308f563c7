# One writer at a time: takes a lock folder inside .git. Sourced, never run by itself.
acquire_git_lock() {
  mkdir "$(git rev-parse --git-dir)/ops-lock-$1" || { echo "another terminal holds the lock"; exit 75; }
}
