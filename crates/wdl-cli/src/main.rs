//! The lab's commands.

fn main() {
    println!("wdl {}", env!("CARGO_PKG_VERSION"));
}
