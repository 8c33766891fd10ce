//! `duly words`: the rule language as tables, for those who write packs.

use std::io::Write;

use duly::report::Table;
use duly::script::{facts, names, terms, units, vocabulary};
use duly::words::Lang;
use serde_json::json;

use crate::args::Words;
use crate::fail::Fail;
use crate::text::pick;

/// Prints every word and name of the language.
pub fn run(asked: &Words, out: &mut dyn Write) -> Result<bool, Fail> {
    let lang = Lang::from(asked.lang);
    if asked.json {
        let all = json!({
            "words": vocabulary().collect::<Vec<_>>(),
            "names": names().collect::<Vec<_>>(),
            "units": units().collect::<Vec<_>>(),
            "facts": facts(lang),
            "terms": terms().collect::<Vec<_>>(),
        });
        writeln!(out, "{all}")?;
        return Ok(true);
    }
    let tables = [
        of_words(lang),
        of_names(lang),
        of_units(lang),
        of_facts(lang),
        of_terms(lang),
    ];
    for (at, table) in tables.iter().enumerate() {
        write!(out, "{}{table}", if at == 0 { "" } else { "\n" })?;
    }
    Ok(true)
}

fn of_words(lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["词", "意思", "写法", "跟在何处之后"],
        Lang::En => ["word", "in Chinese", "written", "follows"],
    };
    vocabulary().fold(
        Table::new(pick(lang, "词", "words"), columns),
        |table, word| {
            let follows = word.follows.unwrap_or(pick(lang, "(句首)", "(begins)"));
            table.row([word.name, word.zh, word.usage, follows].map(str::to_owned))
        },
    )
}

fn of_names(lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["名", "意思", "写在何处"],
        Lang::En => ["name", "in Chinese", "stands in"],
    };
    let title = pick(lang, "大写的名", "names in capitals");
    names().fold(Table::new(title, columns), |table, name| {
        let stands: Vec<String> = name
            .stands
            .iter()
            .map(|word| format!("{word}(…)"))
            .collect();
        table.row([name.name.to_owned(), name.zh.to_owned(), stands.join(" ")])
    })
}

fn of_units(lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["单位", "意思", "写法"],
        Lang::En => ["unit", "in Chinese", "written"],
    };
    units().fold(
        Table::new(pick(lang, "单位", "units"), columns),
        |table, unit| {
            let written = format!("5.{}", unit.name);
            table.row([unit.name.to_owned(), unit.zh.to_owned(), written])
        },
    )
}

fn of_facts(lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["事实", "意思", "取值"],
        Lang::En => ["fact", "in Chinese", "values"],
    };
    let title = pick(lang, "程序掌握的事实", "facts that the engine keeps");
    facts(lang)
        .into_iter()
        .fold(Table::new(title, columns), |table, fact| {
            let (least, most) = fact.domain.codes();
            let values = fact.domain.say(least, most);
            table.row([format!("m.{}", fact.name), fact.zh.to_owned(), values])
        })
}

fn of_terms(lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["写在何处", "英文", "中文"],
        Lang::En => ["stands in", "English", "Chinese"],
    };
    let title = pick(
        lang,
        "加引号的名称(中英文都可以)",
        "terms in quotes, in either language",
    );
    terms().fold(Table::new(title, columns), |table, term| {
        let word = format!("{}(…)", term.word);
        table.row([word, term.name.to_owned(), term.zh.to_owned()])
    })
}
