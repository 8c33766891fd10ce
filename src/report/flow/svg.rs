//! The chart as a picture. The stages are the spine's, so where they stand is settled: the way of the work in one line, what is done again
//! below it, and whatever ends a case early in arcs above.

use unicode_width::UnicodeWidthStr;

use super::{Flow, FlowMove};
use crate::words::StageName;

const WIDTH: i32 = 1580;
const HEIGHT: i32 = 840;
const LINE: i32 = 400;
const BOX: (i32, i32) = (128, 48);

/// Where the middle of a stage is; of the place where cases begin, where none is given.
const fn place(stage: Option<StageName>) -> (i32, i32) {
    match stage {
        None => (60, LINE),
        Some(StageName::Received) => (330, LINE),
        Some(StageName::Assigned) => (620, LINE),
        Some(StageName::Replied) => (910, LINE),
        Some(StageName::Reviewed) => (1200, LINE),
        Some(StageName::Closed) => (1490, LINE),
        Some(StageName::Returned) => (1055, LINE + 230),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// The line of a move, and the middle of its words.
fn line(from: Option<StageName>, to: StageName) -> (String, (i32, i32)) {
    use StageName::{Closed, Received, Replied, Returned, Reviewed};
    let ((fx, fy), (tx, ty)) = (place(from), place(Some(to)));
    let (half, tall) = (BOX.0 / 2, BOX.1 / 2);
    let arc = |fx: i32, tx: i32, fy: i32, ty: i32, by: i32| {
        let path = format!(
            "M {fx} {fy} C {fx} {}, {tx} {}, {tx} {ty}",
            fy + by,
            ty + by
        );
        // The middle of such a curve lies three quarters of the way out.
        (path, ((fx + tx) / 2, (fy + ty) / 2 + by * 3 / 4))
    };
    match (from, to) {
        // Sent back from the end of the line.
        (Some(Closed), Returned) => (
            format!(
                "M {fx} {} C {fx} {ty}, {fx} {ty}, {} {ty}",
                fy + tall,
                tx + half
            ),
            ((fx + tx) / 2 + 90, ty - 14),
        ),
        (Some(Returned), Closed) => (
            format!(
                "M {} {} C {} {}, {} {}, {} {}",
                tx_of(Returned),
                fy + tall,
                fx,
                fy + 100,
                tx + 60,
                fy + 100,
                tx + 30,
                ty + tall
            ),
            ((fx + tx) / 2 + 60, fy + 74),
        ),
        // Back to the beginning, under everything.
        (Some(Closed), Received) => arc(fx + 40, tx, fy + tall, ty + tall, 440),
        (Some(Replied), Returned) => (
            format!("M {} {} L {} {}", fx + 10, fy + tall, tx - 40, ty - tall),
            ((fx + tx) / 2 + 36, (fy + ty) / 2 - 30),
        ),
        (Some(Returned), Replied) => (
            format!(
                "M {} {} C {} {}, {} {}, {} {}",
                fx - half,
                fy,
                fx - 190,
                fy,
                fx - 190,
                ty + 90,
                tx - 30,
                ty + tall
            ),
            (fx - 190, (fy + ty) / 2 + 46),
        ),
        (Some(Reviewed), Returned) => (
            format!("M {} {} L {} {}", fx - 10, fy + tall, tx + 40, ty - tall),
            ((fx + tx) / 2 + 20, (fy + ty) / 2 + 22),
        ),
        (None, Received) => (
            format!("M {} {fy} L {} {ty}", fx + 12, tx - half),
            ((fx + tx) / 2 - 20, fy - 12),
        ),
        // Taken over from elsewhere, or ended before its time: over or under those between.
        (None, Returned) => (
            format!(
                "M {fx} {} C {fx} {}, {fx} {}, {} {}",
                fy + 12,
                ty + 30,
                ty + 30,
                tx - half,
                ty + 12
            ),
            ((fx + tx) / 2 - 120, ty + 8),
        ),
        (None, _) => arc(fx, tx, fy + 12, ty + tall, if tx < 700 { 110 } else { 190 }),
        (Some(_), Closed) if tx - fx > 400 => {
            arc(fx, tx, fy - tall, ty - tall, -(tx - fx) / 4 - 60)
        }
        _ => (
            format!("M {} {fy} L {} {ty}", fx + half, tx - half),
            ((fx + tx) / 2, fy - 12),
        ),
    }
}

const fn tx_of(stage: StageName) -> i32 {
    place(Some(stage)).0
}

/// Words in as many lines as keep them narrow, around a middle.
fn words(it: &FlowMove, (x, y): (i32, i32)) -> String {
    let mut lines: Vec<String> = Vec::new();
    for part in it.label.split_inclusive([';', ';', '、', ',']) {
        match lines.last_mut() {
            Some(last) if last.width() + part.width() <= 22 => last.push_str(part),
            _ => lines.push(part.trim_start().to_owned()),
        }
    }
    let top = y - 15 * (lines.len() as i32 - 1);
    let spans = lines.iter().zip(0..).map(|(text, n)| {
        let text = escaped(text);
        format!("<tspan x=\"{x}\" y=\"{}\">{text}</tspan>", top + 15 * n)
    });
    let spans = spans.collect::<String>();
    // Twice: on a white edge of itself, so that no line runs through it.
    format!("<text class=\"move edge\">{spans}</text>\n<text class=\"move\">{spans}</text>\n")
}

impl Flow {
    /// As an SVG picture of its own. It brings no font and no script, and fetches nothing.
    pub fn svg(&self) -> String {
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n<title>{}</title>\n",
            escaped(&self.title)
        );
        text += "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
                 <path d=\"M 0 0 L 10 5 L 0 10 z\"/></marker></defs>\n\
                 <style>text{font-family:sans-serif;text-anchor:middle}.move{font-size:12px}.edge{stroke:#fff;stroke-width:5px}\
                 .stage{font-size:16px}path.way{fill:none;stroke:#333;marker-end:url(#tip)}rect{fill:#eef;stroke:#333}</style>\n\
                 <rect width=\"100%\" height=\"100%\" style=\"fill:#fff;stroke:none\"/>\n";
        let title = escaped(&self.title);
        text += &format!(
            "<text class=\"stage\" x=\"{}\" y=\"32\">{title}</text>\n",
            WIDTH / 2
        );
        let (x, y) = place(None);
        text += &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"10\"/>\n");
        for it in &self.moves {
            let (way, _) = line(it.from, it.to);
            text += &format!("<path class=\"way\" d=\"{way}\"/>\n");
        }
        for (stage, called) in &self.stages {
            let ((x, y), called) = (place(Some(*stage)), escaped(called));
            text += &format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/><text class=\"stage\" x=\"{x}\" y=\"{}\">{called}</text>\n",
                x - BOX.0 / 2,
                y - BOX.1 / 2,
                BOX.0,
                BOX.1,
                y + 6
            );
        }
        for it in &self.moves {
            text += &words(it, line(it.from, it.to).1);
        }
        text + "</svg>\n"
    }
}
