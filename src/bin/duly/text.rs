//! Text for a terminal, in which Chinese characters take two columns.

use duly::plan::Bound;
use duly::words::Lang;
use unicode_width::UnicodeWidthChar;

/// How wide a line is at most.
pub const WIDTH: usize = 110;

/// Breaks text into lines, the later ones led by so many blanks. English is broken at blanks, Chinese anywhere but before
/// a mark that cannot lead a line.
pub fn wrap(text: &str, indent: usize) -> String {
    let lead = " ".repeat(indent);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text) {
        let wide: usize = piece.chars().filter_map(UnicodeWidthChar::width).sum();
        if used + wide > WIDTH.saturating_sub(indent) && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        let piece = if used == 0 && lines.len() > 1 {
            piece.trim_start()
        } else {
            piece.as_str()
        };
        used += piece
            .chars()
            .filter_map(UnicodeWidthChar::width)
            .sum::<usize>();
        if let Some(last) = lines.last_mut() {
            last.push_str(piece);
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end())
        .collect::<Vec<_>>()
        .join(&format!("\n{lead}"))
}

/// Words with the blank before them; single Chinese characters with the marks that follow.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut last_wide = true;
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let wide = c.width().unwrap_or(0) > 1;
        let mark = ",。;:、)”》!?,;:)".contains(c);
        let goes_on = mark || (!wide && !last_wide && c != ' ');
        match pieces.last_mut() {
            Some(piece) if goes_on => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        last_wide = wide;
    }
    pieces
}

/// The first characters of a text.
pub fn first(text: &str, characters: usize) -> String {
    let mut short: String = text.chars().take(characters).collect();
    if text.chars().nth(characters).is_some() {
        short.push('…');
    }
    short
}

/// The one of two texts that is in that language.
pub fn pick<T>(lang: Lang, zh: T, en: T) -> T {
    if lang == Lang::Zh { zh } else { en }
}

/// Facts with their values: `heat is at least 100, urgent is yes`.
pub fn bounds(all: &[Bound], lang: Lang) -> String {
    let all: Vec<String> = all.iter().map(|bound| bound.say(lang)).collect();
    all.join(pick(lang, ",", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_words_and_between_chinese_characters() {
        let en = wrap(&"four words in it ".repeat(20), 4);
        assert!(
            en.lines()
                .all(|line| line.len() <= WIDTH && !line.ends_with(' '))
        );
        let zh = wrap(&"留言办理,".repeat(40), 2);
        assert!(zh.lines().skip(1).all(|line| line.starts_with("  留")
            || line.starts_with("  言")
            || line.starts_with("  办")
            || line.starts_with("  理")));
    }
}
