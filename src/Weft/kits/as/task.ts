// A task: the payload comes on stdin, the result goes to stdout, both as JSON.

function payload(): string {
  const buffer = new ArrayBuffer(65536);
  let text = "";
  for (let count = process.stdin.read(buffer); count > 0; count = process.stdin.read(buffer)) {
    text += String.UTF8.decodeUnsafe(changetype<usize>(buffer), count);
  }
  return text;
}

const n = parseInt(payload());
if (isNaN(n)) {
  process.stderr.write("the payload is not a whole number\n");
  // EX_DATAERR: no further attempt can mend it. Any other code but 0 fails this attempt.
  process.exit(65);
}
process.stdout.write(i64(n * n).toString() + "\n");
