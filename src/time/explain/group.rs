//! Stretches as a person would say them: ordinary weeks as a whole, holidays in a row together.

use chrono::NaiveDate;

use super::{Standing, Stretch};

/// Stretches that are told in one breath.
pub(super) enum Group<'a> {
    /// Days that counted, by their numbers, with the days of rest among them.
    Counted {
        from: i64,
        to: i64,
        rest: i64,
        over: Range,
    },
    Worked {
        dates: i64,
        each: Option<i64>,
        seconds: i64,
        rest: i64,
        over: Range,
    },
    MakeUp {
        name: &'a str,
        made: Made,
        over: Range,
    },
    Rest(Range),
    Holidays {
        names: Vec<&'a str>,
        over: Range,
    },
    Paused {
        reasons: &'a [String],
        amount: Amount,
        over: Range,
    },
    PartlyPaused {
        reasons: &'a [String],
        counted: i64,
        stood: i64,
        over: Range,
    },
    OutsideHours(Range),
    /// The date from which days run that do not run from the start: nobody worked then.
    Begins(Range),
    NeverWas(Range),
    Unlisted {
        counted: Amount,
        stood: Amount,
        working: i64,
        rest: i64,
        holidays: i64,
        over: Range,
    },
}

/// First and last date.
#[derive(Clone, Copy)]
pub(super) struct Range(pub NaiveDate, pub NaiveDate);

/// Days, or seconds of working time.
#[derive(Clone, Copy)]
pub(super) enum Amount {
    Days(i64),
    Seconds(i64),
}

/// What days added that make up for others: the numbers of the first and the last of them, or seconds of working time.
#[derive(Clone, Copy)]
pub(super) enum Made {
    Numbers(i64, i64),
    Seconds(i64),
}

/// Stretches gathered as people say them: ordinary weeks as a whole, holidays in a row together.
pub(super) fn groups(ledger: &[Stretch], seconds: bool) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut counted = 0;
    let mut rest = ledger;
    let Some(began) = ledger.first().map(|stretch| stretch.first) else {
        return groups;
    };
    while let Some(stretch) = rest.first() {
        let taken = rest.get(..run(rest)).unwrap_or(rest);
        rest = rest.get(taken.len()..).unwrap_or_default();
        let over = Range(
            stretch.first,
            taken.last().map_or(stretch.last, |last| last.last),
        );
        let sum = |part: fn(&Stretch) -> i64| taken.iter().map(part).sum::<i64>();
        let (here, stood) = (sum(|stretch| stretch.counted), sum(|stretch| stretch.stood));
        let amount = |n| {
            if seconds {
                Amount::Seconds(n)
            } else {
                Amount::Days(n)
            }
        };
        let before = counted;
        counted += here;
        groups.push(match &stretch.standing {
            // That the date the limit runs from does not count is told where it begins.
            Standing::FirstDay if stretch.first == began => continue,
            Standing::FirstDay => Group::Begins(over),
            Standing::OutsideHours => Group::OutsideHours(over),
            Standing::NeverWas => Group::NeverWas(over),
            Standing::MakeUp(name) => Group::MakeUp {
                name,
                made: match seconds {
                    true => Made::Seconds(here),
                    false => Made::Numbers(before + 1, counted),
                },
                over,
            },
            Standing::Holiday(_) => Group::Holidays {
                names: names(taken),
                over,
            },
            Standing::Paused(reasons) => Group::Paused {
                reasons,
                amount: amount(stood),
                over,
            },
            Standing::PartlyPaused(reasons) => Group::PartlyPaused {
                reasons,
                counted: here,
                stood,
                over,
            },
            Standing::Unlisted {
                working,
                rest,
                holidays,
            } => Group::Unlisted {
                counted: amount(here),
                stood: amount(stood),
                working: *working,
                rest: *rest,
                holidays: *holidays,
                over,
            },
            _ if here == 0 => Group::Rest(over),
            _ => {
                let rest = sum(|stretch| match stretch.standing {
                    Standing::Rest => stretch.dates(),
                    Standing::Weeks { rest, .. } => rest,
                    _ => 0,
                });
                if seconds {
                    let dates = sum(Stretch::dates) - rest;
                    Group::Worked {
                        dates,
                        each: taken
                            .iter()
                            .find_map(each)
                            .filter(|each| each * dates == here),
                        seconds: here,
                        rest,
                        over,
                    }
                } else {
                    Group::Counted {
                        from: before + 1,
                        to: counted,
                        rest,
                        over,
                    }
                }
            }
        });
    }
    groups
}

/// How many stretches belong together with the first.
fn run(ledger: &[Stretch]) -> usize {
    let alike = |first: &Standing, next: &Standing| match (first, next) {
        (Standing::Holiday(_), Standing::Holiday(_)) => true,
        (Standing::Paused(one), Standing::Paused(other)) => one == other,
        _ => false,
    };
    let Some(first) = ledger.first() else {
        return 0;
    };
    if first.standing == Standing::Rest {
        return 1;
    }
    if first.standing.ordinary() {
        // Days of work of one length are told together, others apart.
        let mut length = None;
        let same = |stretch: &&Stretch| {
            let each = each(stretch);
            let fits = length.is_none() || each.is_none() || length == each;
            length = length.or(each);
            stretch.standing.ordinary() && fits
        };
        let together = ledger.iter().take_while(same).count();
        // Days of rest before and after are told for themselves.
        let rest = |stretch: &&Stretch| stretch.standing == Standing::Rest;
        let after = ledger.iter().take(together).rev().take_while(rest).count();
        return together.saturating_sub(after).max(1);
    }
    // Days of rest within a pause are told with it.
    let mut taken = 1;
    for (at, stretch) in ledger.iter().enumerate().skip(1) {
        match &stretch.standing {
            Standing::Rest if matches!(first.standing, Standing::Paused(_)) => {}
            next if alike(&first.standing, next) => taken = at + 1,
            _ => break,
        }
    }
    taken
}

fn each(stretch: &Stretch) -> Option<i64> {
    match stretch.standing {
        Standing::Worked(each) => Some(each),
        _ => None,
    }
}

fn names(taken: &[Stretch]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for stretch in taken {
        if let Standing::Holiday(name) = &stretch.standing
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    names
}
