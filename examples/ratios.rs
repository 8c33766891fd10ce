//! What a decision by diagram costs beside the same decision written by hand and interpreted, as JSON lines:
//! `{"name","ns","vs_native","vs_rhai"}`: nanoseconds of the thread's own time for one decision, times what it costs by hand, times as
//! cheap as interpreted. Run with `cargo run --release --example ratios`; `benches/README.md` says what is compared.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "it stops where one of those compared is wrong, and tells people what it found"
)]

#[path = "../benches/three_parts/mod.rs"]
#[allow(missing_docs, dead_code, reason = "shared with the bench")]
mod three_parts;
#[path = "../benches/timing/mod.rs"]
#[allow(missing_docs, reason = "shared with the benches")]
mod timing;

fn main() {
    let costs = three_parts::compare(&three_parts::Size::WHOLE);
    print!("{}", three_parts::lines(&costs));
}
