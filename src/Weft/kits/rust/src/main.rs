// A task: the payload comes on stdin, the result goes to stdout, both as JSON.
use std::io::{read_to_string, stdin};
use std::process::exit;

fn main() {
    let payload = read_to_string(stdin()).expect("the payload is text");
    let n: i64 = payload.trim().parse().unwrap_or_else(|_| {
        eprintln!("the payload is not a whole number");
        // EX_DATAERR: no further attempt can mend it. Any other code but 0 fails this attempt.
        exit(65)
    });
    println!("{}", n * n);
}
